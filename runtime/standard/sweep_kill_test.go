//go:build linux

package standard_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// sweepAll is the variable that makes the sweeps run in full: "full" is for
// thousands of crashes, anything else for a sample.
const sweepAll = "STEPSMITH_SWEEP"

// sweeping returns how many of something a sweep has to try.
func sweeping(full, sample int) int {
	if os.Getenv(sweepAll) == "full" {
		return full
	}
	return sample
}

// needStrace skips a test where strace is missing or may not trace, and says so.
func needStrace(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("SWEEP SKIPPED: strace is not installed (apt-get install strace)")
	}
	if out, err := exec.Command("strace", "-f", "-e", "trace=fsync", os.Args[0], "-test.run=^$").CombinedOutput(); err != nil {
		t.Skipf("SWEEP SKIPPED: strace may not trace: %v\n%s", err, out)
	}
}

// ram returns a folder in memory where there is one: a sync is a system call
// there as well, and takes no time.
func ram(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "stepsmith")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// A hunt is one process of the prey under strace.
type hunt struct {
	folder     string // of the database
	diary      string
	workload   *workload
	generation int
	bug        bug
	trace      []string // strace's options
}

// workloadOf has the rounds of a sweep take turns.
func workloadOf(round int) *workload {
	return []*workload{trunkWork, crownWork}[round%2]
}

// straceOptions follow threads and tell the names of files.
var straceOptions = []string{"-f", "-qq", "-y", "-e", "signal=none"}

// patience is how long the process may take. One with a bug may hang.
func (h *hunt) patience() time.Duration {
	if h.bug != noBug {
		return 5 * time.Second
	}
	return time.Minute
}

// run lets the process run and returns how it ended, with what it printed.
func (h *hunt) run() (*os.ProcessState, string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), h.patience())
	defer cancel()
	cmd := exec.CommandContext(ctx, "strace", slices.Concat(straceOptions, h.trace, []string{os.Args[0]})...)
	// In a group of its own, so that the time limit ends both.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Env = append(os.Environ(), preyFolder+"="+h.folder, preyDiary+"="+h.diary, preyWorkload+"="+h.workload.name,
		fmt.Sprint(preyGeneration, "=", h.generation), preyBug+"="+string(h.bug), "GODEBUG=asyncpreemptoff=1")
	var output bytes.Buffer
	cmd.Stderr, cmd.Stdout = &output, &output
	err := cmd.Run()
	if ctx.Err() != nil {
		return nil, output.String(), errors.New("the process hangs")
	}
	if cmd.ProcessState == nil {
		return nil, "", err
	}
	return cmd.ProcessState, output.String(), nil
}

func killed(s *os.ProcessState) bool {
	w, ok := s.Sys().(syscall.WaitStatus)
	return ok && w.Signaled() && w.Signal() == syscall.SIGKILL
}

func diaryLines(file string) []string {
	text, _ := os.ReadFile(file) // none: nothing was seen
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// struck are the kinds of system calls at which processes were killed.
type struck struct {
	mu    sync.Mutex
	kinds map[string]int
}

var tracedCall = regexp.MustCompile(`(\w+)\(\d+<[^>]*/([^/>]+)>`)

// note takes the last call of a trace.
func (s *struck) note(log string) {
	text, _ := os.ReadFile(log)
	calls := tracedCall.FindAllSubmatch(text, -1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(calls) == 0 {
		s.kinds["unknown"]++
		return
	}
	last := calls[len(calls)-1]
	s.kinds[string(last[1])+" "+string(last[2])]++
}

const writesAndSyncs = "pwrite64,fsync,fdatasync,ftruncate"

// TestSweepKill kills the prey at its Nth write or sync for every N, and the one
// that goes on with what is left while it recovers, and then looks whether what
// was promised was kept.
func TestSweepKill(t *testing.T) {
	t.Parallel()
	needStrace(t)
	rounds := sweeping(580, 24)
	var seen census
	at := struck{kinds: make(map[string]int)}
	var mu sync.Mutex
	kills, longest := 0, 0
	parallel(rounds, func(i int) {
		dir := ram(t)
		defer os.RemoveAll(dir)
		h := &hunt{folder: dir, diary: filepath.Join(dir, "diary"), workload: workloadOf(i)}
		log := filepath.Join(dir, "log")
		// strace counts calls in each thread by itself: the same number is
		// another call in another run. A few numbers more than the calls of a
		// thread are for the ends of runs.
		for ; h.generation < 2; h.generation++ {
			when := 1 + (i*7+h.generation*11)%preyCalls
			if h.generation == 1 {
				when = 1 + when%20 // while it recovers
			}
			h.trace = []string{"-o", log, "-e", "trace=" + writesAndSyncs,
				"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", calls(i), when)}
			state, output, err := h.run()
			if err != nil || !killed(state) && !state.Success() {
				t.Errorf("round %d, killed at %d: %v %v\n%s", i, when, state, err, output)
				return
			}
			if killed(state) {
				at.note(log)
				mu.Lock()
				kills++
				longest = max(longest, when)
				mu.Unlock()
			}
		}
		for _, p := range checkStore(dir, h.workload, diaryLines(h.diary), 2*h.generation, noBug, &seen) {
			t.Errorf("round %d, %s: %s", i, h.workload.name, p)
		}
	})
	t.Logf("%d kills (at up to the %dth call of a thread): %v", kills, longest, &seen)
	for _, kind := range slices.Sorted(maps.Keys(at.kinds)) {
		t.Logf("%5d at %s", at.kinds[kind], kind)
	}
	if kills < rounds || seen.interrupted == 0 || seen.unfinished == 0 || seen.purged == 0 {
		t.Errorf("%d kills in %d rounds: the sweep has tested too little", kills, rounds)
	}
	if os.Getenv(sweepAll) == "full" && (kills < 1000 || seen.redriven == 0 || seen.reran == 0) {
		t.Errorf("%d kills, want 1000: %v", kills, &seen)
	}
}

// preyCalls is about how many writes and syncs a thread of the prey does.
const preyCalls = 160

// calls has most rounds count all calls, and some count syncs alone, which are
// few.
func calls(i int) string {
	if i%4 == 3 {
		return "fsync,fdatasync,ftruncate"
	}
	return writesAndSyncs
}

// parallel calls f for the numbers below n, a few at a time.
func parallel(n int, f func(i int)) {
	queue, wait := workers(f)
	for i := range n {
		queue <- i
	}
	wait()
}

// workers calls f for what comes through a channel, on all processors. wait ends
// the channel and waits.
func workers[T any](f func(T)) (queue chan<- T, wait func()) {
	var wg sync.WaitGroup
	items := make(chan T)
	for range runtime.NumCPU() {
		wg.Go(func() {
			for item := range items {
				f(item)
			}
		})
	}
	return items, func() {
		close(items)
		wg.Wait()
	}
}
