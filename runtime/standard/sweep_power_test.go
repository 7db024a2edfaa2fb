//go:build linux

package standard_test

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"hash/maphash"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// An operation changes the content of a file. Until the file is synced, a power
// loss may take it, or parts of it.
type operation struct {
	offset int64
	data   []byte // nil: the file is cut or stretched to offset
}

// A medium is a file as the disk has it: what is certain, and what is on its way.
type medium struct {
	certain []byte
	synced  int // operations in it
	pending []operation
}

// A moment is a system call of a trace.
type moment struct {
	call   string // pwrite64, ftruncate, fsync, unlink, diary
	file   string
	op     operation
	synced int    // fsync: how many operations of the file it makes certain
	line   string // of the diary
}

var (
	traceLine    = regexp.MustCompile(`^(\d+) +(\w+)\((.*)$`)
	traceResumed = regexp.MustCompile(`^(\d+) +<\.\.\. (\w+) resumed>.*= (-?\d+)`)
	traceFile    = regexp.MustCompile(`^\d+<([^>]*)>`)
	traceReturns = regexp.MustCompile(`\) += (-?\d+)`)
)

// readTrace reads what strace wrote about the database of a folder and the diary.
// A write counts from when it begins, a sync when it has returned, and then for
// what was written before it began.
func readTrace(file, folder, diary string) ([]moment, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var moments []moment
	written := make(map[string]int) // operations of each file
	begun := make(map[string]moment)
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<28)
	for lines.Scan() {
		if m := traceResumed.FindStringSubmatch(lines.Text()); m != nil {
			if sync, ok := begun[m[1]]; ok && m[3] == "0" {
				moments = append(moments, sync)
			}
			delete(begun, m[1])
			continue
		}
		m := traceLine.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		at, err := readCall(m[2], m[3], folder, diary)
		if err != nil {
			return nil, fmt.Errorf("%w: %.200s", err, lines.Text())
		}
		returned := traceReturns.FindStringSubmatch(m[3])
		switch {
		case at.call == "" || returned != nil && strings.HasPrefix(returned[1], "-"):
		case at.call == "fsync":
			at.synced = written[at.file]
			if returned == nil {
				begun[m[1]] = at
			} else {
				moments = append(moments, at)
			}
		default:
			if at.call == "unlink" {
				written[at.file] = 0
			} else if at.call != "diary" {
				written[at.file]++
			}
			moments = append(moments, at)
		}
	}
	return moments, lines.Err()
}

// readCall reads the arguments of a call that matters; the others give none.
func readCall(name, arguments, folder, diary string) (at moment, err error) {
	strs, rest := quoted(arguments)
	file := ""
	if m := traceFile.FindStringSubmatch(arguments); m != nil {
		if name, err := unhex(m[1]); err == nil {
			file = string(name)
		}
	} else if len(strs) > 0 {
		file = string(strs[0])
	}
	if file == diary && name == "write" {
		return moment{call: "diary", line: strings.TrimSuffix(string(strs[0]), "\n")}, nil
	}
	if !slices.Contains(databaseFiles(folder), file) {
		return at, nil
	}
	at = moment{call: name, file: file}
	switch name {
	case "pwrite64":
		at.op.data = strs[0]
		_, err = fmt.Sscanf(rest, ", %d, %d", new(int), &at.op.offset)
	case "ftruncate":
		_, err = fmt.Sscanf(rest[strings.IndexByte(rest, '>')+1:], ", %d", &at.op.offset)
	case "fsync", "fdatasync":
		at.call = "fsync"
	case "unlink", "unlinkat":
		at.call = "unlink"
	default:
		return moment{}, nil
	}
	return at, err
}

// quoted returns the strings among the arguments of a call, which are in
// hexadecimal, and what follows the last; all when there is none.
func quoted(arguments string) (strs [][]byte, rest string) {
	rest = arguments
	for {
		_, after, ok := strings.Cut(rest, `"`)
		if !ok {
			return strs, rest
		}
		text, after, _ := strings.Cut(after, `"`)
		raw, err := unhex(text)
		if err != nil {
			return strs, rest
		}
		strs, rest = append(strs, raw), after
	}
}

func unhex(text string) ([]byte, error) {
	return hex.DecodeString(strings.ReplaceAll(text, `\x`, ""))
}

// apply does an operation on the content of a file.
func (o operation) apply(content []byte) []byte {
	end := o.offset + int64(len(o.data))
	switch {
	case int64(len(content)) < end:
		content = append(content, make([]byte, end-int64(len(content)))...)
	case o.data == nil:
		content = content[:o.offset]
	}
	copy(content[o.offset:], o.data)
	return content
}

// sector is what a disk writes as a whole.
const sector = 512

// tear keeps some of the sectors of a write.
func (o operation) tear(random *rand.Rand) []operation {
	var kept []operation
	for at := int64(0); at < int64(len(o.data)); {
		end := min(int64(len(o.data)), (o.offset+at)/sector*sector+sector-o.offset)
		if random.IntN(2) == 0 {
			kept = append(kept, operation{o.offset + at, o.data[at:end]})
		}
		at = end
	}
	return kept
}

// A fate decides about the operations of a file that were not synced.
type fate func(pending []operation, random *rand.Rand) []operation

// fates are what may come of unsynced operations; the last is drawn again and
// again.
var fates = []fate{
	func([]operation, *rand.Rand) []operation { return nil },            // lost
	func(p []operation, _ *rand.Rand) []operation { return p },          // kept
	func(p []operation, _ *rand.Rand) []operation { return last(p, 1) }, // reordered: the last came first
	func(p []operation, random *rand.Rand) []operation { // a prefix, and the next torn
		n := random.IntN(len(p) + 1)
		kept := slices.Clone(p[:n])
		if n < len(p) {
			kept = append(kept, p[n].tear(random)...)
		}
		return kept
	},
	func(p []operation, random *rand.Rand) (kept []operation) { // any, some of them torn
		for _, o := range p {
			switch random.IntN(4) {
			case 0:
			case 1:
				kept = append(kept, o.tear(random)...)
			default:
				kept = append(kept, o)
			}
		}
		return kept
	},
}

func last(p []operation, n int) []operation { return p[max(0, len(p)-n):] }

// An image is the files after a power loss, and what was in the diary by then.
type image struct {
	files map[string][]byte // by base name
	lines []string
	about string
}

// images calls yield with the images of all prefixes of a trace that begins with
// what is on the disk, each once: what is drawn is drawn so many times.
func images(disk map[string]*medium, moments []moment, draws int, random *rand.Rand, yield func(image) bool) {
	var unlinked map[string]*medium // since the last sync: they may still be there
	var lines []string
	seed := maphash.MakeSeed()
	known := make(map[uint64]bool)
	for i, at := range moments {
		unlinked = replayMoment(disk, unlinked, at)
		if at.call == "diary" {
			lines = append(lines, at.line)
		}
		open := len(unlinked)
		for _, m := range disk {
			open += len(m.pending)
		}
		for n := range len(fates) - 1 + draws {
			if n > 0 && open == 0 {
				break // there is nothing to decide
			}
			f := min(n, len(fates)-1)
			img := image{files: make(map[string][]byte), lines: lines, about: fmt.Sprintf("moment %d (%s %s), fate %d", i, at.call, filepath.Base(at.file), f)}
			for _, file := range slices.Sorted(maps.Keys(disk)) {
				img.files[filepath.Base(file)] = disk[file].decide(fates[f], random)
			}
			for file, m := range unlinked {
				if disk[file] == nil && (f == 0 || f >= 3 && random.IntN(2) == 0) {
					img.files[filepath.Base(file)] = m.decide(fates[f], random)
				}
			}
			if h := img.hash(seed); !known[h] {
				known[h] = true
				if !yield(img) {
					return
				}
			}
		}
	}
}

func (m *medium) decide(f fate, random *rand.Rand) []byte {
	content := slices.Clone(m.certain)
	for _, o := range f(m.pending, random) {
		content = o.apply(content)
	}
	return content
}

// replayMoment does to the disk what a call does. Names are journaled by the file
// system: any sync makes earlier changes of names certain, too.
func replayMoment(disk, unlinked map[string]*medium, at moment) map[string]*medium {
	m := disk[at.file]
	if m == nil && (at.call == "pwrite64" || at.call == "ftruncate") {
		m = new(medium)
		disk[at.file] = m
	}
	switch at.call {
	case "pwrite64", "ftruncate":
		m.pending = append(m.pending, at.op)
	case "unlink":
		if m != nil {
			unlinked = maps.Clone(unlinked)
			if unlinked == nil {
				unlinked = make(map[string]*medium)
			}
			unlinked[at.file] = m
		}
		delete(disk, at.file)
	case "fsync":
		if m != nil {
			n := max(0, at.synced-m.synced) // what came while it ran may still be lost
			for _, o := range m.pending[:n] {
				m.certain = o.apply(m.certain)
			}
			m.synced += n
			m.pending = slices.Clone(m.pending[n:])
		}
		unlinked = nil
	}
	return unlinked
}

func (i *image) hash(seed maphash.Seed) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	for _, name := range slices.Sorted(maps.Keys(i.files)) {
		h.WriteString(name)
		h.WriteString(strconv.Itoa(len(i.files[name])))
		h.Write(i.files[name])
	}
	h.WriteString(strconv.Itoa(len(i.lines)))
	return h.Sum64()
}

// restore writes an image into a folder.
func (i *image) restore(folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, content := range i.files {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// check restores an image into a folder and checks it.
func (i *image) check(folder string, w *workload, b bug, seen *census) []string {
	if err := i.restore(folder); err != nil {
		return []string{err.Error()}
	}
	return checkStore(folder, w, i.lines, 10, b, seen)
}

// traceOptions have strace write down what changes files.
func traceOptions(log string) []string {
	return []string{"-xx", "-s", "1000000", "-o", log, "-e", "trace=pwrite64,write,ftruncate,fsync,fdatasync,unlink,unlinkat"}
}

// trace runs the prey once and returns its system calls.
func trace(t *testing.T, w *workload, b bug) []moment {
	t.Helper()
	dir := ram(t)
	h := &hunt{folder: filepath.Join(dir, "db"), diary: filepath.Join(dir, "diary"), workload: w, bug: b}
	if err := os.Mkdir(h.folder, 0o755); err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(dir, "log")
	h.trace = traceOptions(log)
	state, output, err := h.run()
	if b == noBug && (err != nil || !state.Success()) {
		t.Fatalf("%v %v\n%s", state, err, output)
	}
	moments, err := readTrace(log, h.folder, h.diary)
	if err != nil {
		t.Fatal(err)
	}
	countCalls(t, moments)
	return moments
}

// countCalls makes sure that the trace was understood.
func countCalls(t *testing.T, moments []moment) {
	t.Helper()
	kinds := make(map[string]int)
	for _, m := range moments {
		kinds[m.call]++
	}
	for _, kind := range []string{"pwrite64", "fsync", "diary", "unlink"} {
		if kinds[kind] == 0 {
			t.Fatalf("no %s in the trace: %v", kind, kinds)
		}
	}
	t.Logf("trace: %v", kinds)
}

// TestSweepPower takes the power away after each system call of the prey: what
// was not synced is lost, kept, reordered or torn.
func TestSweepPower(t *testing.T) {
	t.Parallel()
	needStrace(t)
	for _, w := range []*workload{trunkWork, crownWork} {
		t.Run(w.name, func(t *testing.T) {
			t.Parallel()
			sweepPower(t, w, sweeping(2500, 75))
		})
	}
}

func sweepPower(t *testing.T, w *workload, wanted int) {
	moments := trace(t, w, noBug)
	draws := 2 + 3*wanted/2/len(moments)
	share := float64(wanted) / float64(len(moments)*(len(fates)-1+draws)) * 2 // half of them are alike
	dir := ram(t)
	var seen census
	var mu sync.Mutex
	tried, violations := 0, 0
	random := rand.New(rand.NewPCG(1, 2))
	queue, wait := workers(func(i image) {
		mu.Lock()
		tried++
		folder := filepath.Join(dir, strconv.Itoa(tried))
		mu.Unlock()
		problems := i.check(folder, w, noBug, &seen)
		os.RemoveAll(folder)
		mu.Lock()
		defer mu.Unlock()
		for _, p := range problems {
			if violations++; violations < 20 {
				t.Errorf("%s: %s", i.about, p)
			}
		}
	})
	images(make(map[string]*medium), moments, draws, random, func(i image) bool {
		if sweeping(1, 0) == 1 || random.Float64() < share {
			queue <- i
		}
		return true
	})
	wait()
	if tried < wanted/2 || sweeping(1, 0) == 1 && tried < wanted {
		t.Errorf("%d images, want %d", tried, wanted)
	}
	t.Logf("%d images of %d moments, %d violations: %v", tried, len(moments), violations, &seen)
	if seen.interrupted == 0 || seen.unfinished == 0 || seen.late == 0 || seen.purged == 0 || w == crownWork && (seen.redriven == 0 || seen.reran == 0) {
		t.Error("the sweep has tested too little")
	}
}

// TestSweepFindsBugs plants bugs and expects each to be found.
func TestSweepFindsBugs(t *testing.T) {
	t.Parallel()
	needStrace(t)
	for b, w := range map[bug]*workload{
		bugReruns: trunkWork, bugNoIntent: trunkWork, bugTokenTwice: trunkWork, bugTimerTwice: trunkWork, bugAcknowledges: trunkWork, bugSynchronous: trunkWork,
		bugExpressEarly: crownWork, bugChildTwice: crownWork, bugResultLost: crownWork, bugRedriveTwice: crownWork,
	} {
		t.Run(string(b), func(t *testing.T) {
			t.Parallel()
			moments := trace(t, w, b)
			folder := filepath.Join(ram(t), "image")
			var seen census
			tried, found := 0, []string(nil)
			images(make(map[string]*medium), moments, 1, rand.New(rand.NewPCG(5, 6)), func(i image) bool {
				if tried++; tried%sweeping(1, 6) == 0 {
					found = i.check(folder, w, b, &seen)
				}
				return len(found) == 0
			})
			if len(found) == 0 {
				t.Fatalf("not found in %d images", tried)
			}
			t.Logf("found in image %d: %s", tried, found[0])
		})
	}
}
