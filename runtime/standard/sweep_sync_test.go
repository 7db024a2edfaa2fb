//go:build linux

package standard_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSyncs counts the system calls that sync, while chains of five tasks run:
// six for one alone, and at most 0.4 for each of 64 at the same time.
func TestSyncs(t *testing.T) {
	t.Parallel()
	needStrace(t)
	for atOnce, most := range map[int]float64{1: 6, 64: 0.4} {
		dir := ram(t)
		log := filepath.Join(dir, "log")
		cmd := exec.Command("strace", "-f", "-qq", "-o", log, "-e", "signal=none", "-e", "trace=fsync,fdatasync,write", os.Args[0])
		cmd.Env = append(os.Environ(), chainFolder+"="+dir, fmt.Sprint(chainAtOnce, "=", atOnce))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		_, during, begun := strings.Cut(string(text), `"begin\n"`)
		during, _, ended := strings.Cut(during, `"end\n"`)
		if !begun || !ended {
			t.Fatalf("the trace was not understood: %t %t", begun, ended)
		}
		syncs := strings.Count(during, " fsync(") + strings.Count(during, " fdatasync(")
		each := float64(syncs) / float64(atOnce*chainsEach)
		t.Logf("%d at a time: %d syncs, %.3f for an execution", atOnce, syncs, each)
		if each > most || each < 0.05 {
			t.Errorf("%d at a time: %.3f syncs for an execution, want at most %.1f", atOnce, each, most)
		}
	}
}
