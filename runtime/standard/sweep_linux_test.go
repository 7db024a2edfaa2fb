package standard_test

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
)

// The sweeps let the real engine on a real file meet what a machine can do to it,
// with strace. STEPSMITH_SWEEP is how many faults each of them tries.

func sweepSize(t *testing.T, otherwise int) int {
	t.Helper()
	if n, err := strconv.Atoi(os.Getenv("STEPSMITH_SWEEP")); err == nil {
		return n
	}
	if testing.Short() {
		t.Skip("starts processes")
	}
	return otherwise
}

// straced returns a victim that runs under strace.
func straced(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := victimCommand(dir)
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("SKIPPED: strace is not installed, so no faults can be injected")
	}
	if out, err := exec.Command(strace, "-f", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: strace may not trace here, so no faults can be injected: %v: %s", err, out)
	}
	cmd.Args = append(append([]string{strace, "-f"}, args...), cmd.Path)
	cmd.Path = strace
	return cmd
}

// finish lets a victim finish what others began, and checks everything.
func finish(t *testing.T, dir string) {
	t.Helper()
	cmd := victimCommand(dir)
	cmd.Env = append(cmd.Env, victim+"_FINISH=1")
	patience := time.AfterFunc(60*time.Second, func() { cmd.Process.Kill() })
	defer patience.Stop()
	if err := cmd.Run(); err != nil {
		t.Fatalf("finishing: %v\n%s", err, cmd.Stderr)
	}
	checkDiaries(t, dir)
}

// TestSweepKills kills at one system call after another that writes or syncs.
func TestSweepKills(t *testing.T) {
	t.Parallel()
	dir, n := t.TempDir(), sweepSize(t, 20)
	for i := range n {
		call := []string{"pwrite64", "fsync"}[i%2]
		inject := fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, 2+i/2%60)
		cmd := straced(t, dir, "-o", os.DevNull, "-e", "trace="+call, "-e", inject)
		if err := cmd.Run(); err == nil || !strings.Contains(cmd.Stderr.(*strings.Builder).String()+err.Error(), "killed") {
			t.Fatalf("%s: nothing was killed: %v\n%s", inject, err, cmd.Stderr)
		}
	}
	t.Logf("%d kills", n)
	finish(t, dir)
}

// TestSweepErrors has one write or sync after another fail. The engine must stop.
func TestSweepErrors(t *testing.T) {
	t.Parallel()
	dir, n := t.TempDir(), sweepSize(t, 8)
	for i := range n {
		call := []string{"pwrite64", "fsync"}[i%2]
		inject := fmt.Sprintf("inject=%s:error=%s:when=%d", call, []string{"ENOSPC", "EIO"}[i/2%2], 10+i/2%40)
		cmd := straced(t, dir, "-o", os.DevNull, "-e", "trace="+call, "-e", inject)
		patience := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
		err := cmd.Run()
		patience.Stop()
		if text := cmd.Stderr.(*strings.Builder).String(); err == nil || !strings.Contains(text, "the store failed") && !strings.Contains(text, "sqlite: ") {
			t.Fatalf("%s: the engine did not stop: %v\n%s", inject, err, text)
		}
	}
	t.Logf("%d errors", n)
	finish(t, dir)
}

// TestPowerLoss rebuilds what could be on the disk after a power loss at some
// moment: what was synced, and of the rest nothing, all, some of it, in another
// order, or torn. Everything that was acknowledged or begun by then must be there.
func TestPowerLoss(t *testing.T) {
	t.Parallel()
	n := sweepSize(t, 40)
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	cmd := straced(t, dir, "-xx", "-y", "-s", "1000000", "-o", trace, "-e", "trace=write,pwrite64,fsync,ftruncate,unlink")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(800 * time.Millisecond)
	children, _ := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", cmd.Process.Pid, cmd.Process.Pid))
	for _, pid := range strings.Fields(string(children)) {
		id, _ := strconv.Atoi(pid)
		if p, err := os.FindProcess(id); err == nil {
			p.Kill()
		}
	}
	cmd.Wait()
	operations := readTrace(t, trace)
	images, violations := losePower(t, operations, n, true)
	t.Logf("%d operations, %d images, %d violations", len(operations), images, violations)
	if violations > 0 {
		t.Errorf("%d violations in %d images", violations, images)
	}
	// Without the syncs of the log, which is what synchronous=NORMAL does, the
	// test must find something.
	if _, violations := losePower(t, operations, min(n, 100), false); violations == 0 {
		t.Error("the test finds nothing where the log is not synced")
	}
}

// An operation is a system call on a file.
type operation struct {
	call, file string
	offset     int64
	data       []byte
}

var (
	callLine = regexp.MustCompile(`^\d+ +(write|pwrite64|fsync|ftruncate)\(\d+<([^>]*)>(?:, "([^"]*)", \d+(?:, (\d+))?|, (\d+))?`)
	resumed  = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>`)
	unlinked = regexp.MustCompile(`^\d+ +unlink\("([^"]*)"\) = 0`)
)

// readTrace reads what strace has written down, in order. A sync counts from
// when it returned.
func readTrace(t *testing.T, file string) []operation {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []operation
	syncing := make(map[string]operation) // by process
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		line := lines.Text()
		pid, _, _ := strings.Cut(line, " ")
		if m := resumed.FindStringSubmatch(line); m != nil {
			if o, ok := syncing[m[1]]; ok && m[2] == "fsync" {
				all = append(all, o)
				delete(syncing, m[1])
			}
			continue
		}
		if m := unlinked.FindStringSubmatch(line); m != nil {
			all = append(all, operation{call: "unlink", file: filepath.Base(unhex(m[1]))})
			continue
		}
		m := callLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		o := operation{call: m[1], file: filepath.Base(unhex(m[2])), data: []byte(unhex(m[3]))}
		o.offset, _ = strconv.ParseInt(m[4]+m[5], 10, 64)
		if o.call == "fsync" && strings.Contains(line, "unfinished") {
			syncing[pid] = o
			continue
		}
		all = append(all, o)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func unhex(s string) string {
	b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	if err != nil {
		return s
	}
	return string(b)
}

// platter is a disk: what is safe of each file, and what is written but not yet
// synced.
type platter struct {
	safe  map[string][]byte
	loose map[string][]operation
}

func (p *platter) do(o operation, honest bool) {
	switch o.call {
	case "pwrite64", "ftruncate":
		p.loose[o.file] = append(p.loose[o.file], o)
	case "fsync":
		if !honest && strings.HasSuffix(o.file, "-wal") {
			return
		}
		p.safe[o.file] = play(p.safe[o.file], p.loose[o.file])
		delete(p.loose, o.file)
	case "unlink":
		delete(p.safe, o.file)
		delete(p.loose, o.file)
	}
}

// play does operations on a file's content.
func play(content []byte, operations []operation) []byte {
	for _, o := range operations {
		end := o.offset + int64(len(o.data))
		if o.call == "ftruncate" {
			end = o.offset
			content = content[:min(int64(len(content)), end)]
		}
		if grow := end - int64(len(content)); grow > 0 {
			content = append(content, make([]byte, grow)...) // in place where there is room
		}
		copy(content[o.offset:], o.data)
	}
	return content
}

// image is one of the states that a power loss may leave.
func (p *platter) image(r *rand.Rand, variant int) map[string][]byte {
	files := maps.Clone(p.safe)
	for name, loose := range p.loose {
		var kept []operation
		for _, o := range loose {
			if variant == 1 || variant >= 2 && r.IntN(2) == 0 {
				kept = append(kept, o)
			}
		}
		if variant == 3 {
			r.Shuffle(len(kept), func(i, j int) { kept[i], kept[j] = kept[j], kept[i] })
		}
		if variant == 4 && len(kept) > 0 {
			last := &kept[len(kept)-1]
			last.data = last.data[:len(last.data)/512/2*512] // torn between sectors
		}
		files[name] = play(bytes.Clone(files[name]), kept)
	}
	return files
}

// losePower checks images at n moments after the first acknowledgement. An honest
// disk syncs what it is told to.
func losePower(t *testing.T, operations []operation, n int, honest bool) (images, violations int) {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	first := 0
	for i, o := range operations {
		if o.call == "write" && o.file == "acknowledged" {
			first = i
			break
		}
	}
	if first == 0 {
		t.Fatal("the victim has acknowledged nothing")
	}
	share := float64(n) / float64(len(operations)-first)
	p := &platter{safe: make(map[string][]byte), loose: make(map[string][]operation)}
	var promised []string // lines of the diaries so far
	for i, o := range operations {
		p.do(o, honest)
		if o.call == "write" && (o.file == "acknowledged" || o.file == "calls") {
			promised = append(promised, o.file+" "+strings.TrimSpace(string(o.data)))
		}
		if i < first || r.Float64() > share {
			continue
		}
		for variant := range 5 {
			images++
			if problem := checkImage(t, p.image(r, variant), promised); problem != "" {
				violations++
				if honest {
					t.Errorf("after operation %d, variant %d: %s", i, variant, problem)
				}
			}
		}
	}
	return images, violations
}

// checkImage opens an image and looks whether what was promised is there.
func checkImage(t *testing.T, files map[string][]byte, promised []string) (problem string) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"x.db", "x.db-wal"} {
		if err := os.WriteFile(filepath.Join(dir, name), files[name], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sqlite.Open(filepath.Join(dir, "x.db"))
	if err != nil {
		return err.Error()
	}
	defer db.Close()
	e, err := standard.Open(t.Context(), standard.Options{Store: db, Compile: compile, Passive: true})
	if err != nil {
		return err.Error()
	}
	for _, line := range promised[max(0, len(promised)-12):] {
		if problem := checkPromise(t, e, line); problem != "" {
			return problem
		}
	}
	return ""
}

// checkPromise checks a line of a diary: an acknowledged start is there, and so
// is the beginning of an attempt that reached its handler.
func checkPromise(t *testing.T, e *standard.Engine, line string) string {
	t.Helper()
	fields := strings.Fields(line)
	switch {
	case fields[0] == "acknowledged" && fields[1] == "start":
		if _, err := e.Describe(t.Context(), arnOf("trunk", fields[2])); err != nil {
			return fmt.Sprintf("%s: %v", line, err)
		}
	case fields[0] == "calls":
		machine := "trunk"
		if fields[2] == "L" {
			machine = "leaf"
		}
		begun := 0
		for event, err := range e.History(t.Context(), arnOf(machine, fields[1]), false) {
			if err != nil {
				return fmt.Sprintf("%s: %v", line, err)
			}
			if event.Type == history.TaskStarted && event.State == fields[2] {
				begun++
			}
		}
		if attempt, _ := strconv.Atoi(fields[3]); begun <= attempt {
			return fmt.Sprintf("%s: the journal does not know that it began", line)
		}
	}
	return ""
}
