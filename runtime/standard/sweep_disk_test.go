//go:build linux

package standard_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// stopped reports whether the prey said that it stopped because of its store.
func stopped(state *os.ProcessState, output string) bool {
	return state.ExitCode() == 3 && (strings.Contains(output, "the store failed") || strings.Contains(output, "sqlite"))
}

// TestSweepErrors has each write and sync of the prey fail, once or from then on.
// The engine stops and says so; what it had acknowledged is there.
func TestSweepErrors(t *testing.T) {
	t.Parallel()
	needStrace(t)
	rounds := sweeping(200, 12)
	var seen census
	var mu sync.Mutex
	injected, stops := 0, 0
	parallel(rounds, func(i int) {
		dir := ram(t)
		defer os.RemoveAll(dir)
		h := &hunt{folder: dir, diary: filepath.Join(dir, "diary"), workload: workloadOf(i)}
		log := filepath.Join(dir, "log")
		fault := []string{"pwrite64,ftruncate:error=ENOSPC", "pwrite64:error=EIO", "fsync,fdatasync:error=EIO", "fsync,fdatasync:error=ENOSPC"}[i%4]
		when := 1 + (i*37)%preyCalls
		if strings.HasPrefix(fault, "fsync") {
			when = 1 + i%24
		}
		more := []string{"", "+"}[i/4%2] // this one, or all from this one on
		h.trace = []string{"-o", log, "-e", "trace=" + writesAndSyncs, "-e", fmt.Sprintf("inject=%s:when=%d%s", fault, when, more)}
		state, output, err := h.run()
		if err != nil || !state.Success() && !stopped(state, output) {
			t.Errorf("%s at %d%s: %v %v\n%s", fault, when, more, state, err, output)
			return
		}
		text, err := os.ReadFile(log)
		if err != nil {
			t.Error(err)
			return
		}
		mu.Lock()
		if strings.Contains(string(text), "(INJECTED)") {
			injected++
		}
		if !state.Success() {
			stops++
		}
		mu.Unlock()
		for _, p := range checkStore(dir, h.workload, diaryLines(h.diary), 10, noBug, &seen) {
			t.Errorf("%s, %s at %d%s (%v): %s", h.workload.name, fault, when, more, state, p)
		}
	})
	t.Logf("%d processes met an error, %d of them stopped: %v", injected, stops, &seen)
	if injected < rounds/2 || stops == 0 {
		t.Errorf("%d errors and %d stops in %d rounds: the sweep has tested too little", injected, stops, rounds)
	}
}

// TestSweepFullDisk lets the prey fill a disk of 512 KB.
func TestSweepFullDisk(t *testing.T) {
	t.Parallel()
	needStrace(t)
	dir := t.TempDir()
	disk := filepath.Join(dir, "disk")
	if err := os.Mkdir(disk, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=512k"); err != nil {
		t.Skipf("SWEEP SKIPPED: a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
	h := &hunt{folder: disk, diary: filepath.Join(dir, "diary"), workload: trunkWork, trace: []string{"-e", "trace=none"}}
	for ; ; h.generation++ {
		state, output, err := h.run()
		if err != nil {
			t.Fatal(err)
		}
		if !state.Success() {
			if !stopped(state, output) || !strings.Contains(output, "full") {
				t.Errorf("%v\n%s", state, output)
			}
			t.Logf("the disk was full for process %d: %s", h.generation+1, output)
			break
		}
		if h.generation > 100 {
			t.Fatal("the disk does not fill")
		}
	}
	if err := syscall.Mount("none", disk, "tmpfs", syscall.MS_REMOUNT, "size=16m"); err != nil {
		t.Fatal(err)
	}
	var seen census
	for _, p := range checkStore(disk, trunkWork, diaryLines(h.diary), 2*h.generation+2, noBug, &seen) {
		t.Error(p)
	}
	t.Log(&seen)
}
