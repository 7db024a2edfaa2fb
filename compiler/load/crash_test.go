package load

import (
	"bytes"
	"testing"
)

func TestWatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, passed, report string
		writes               []string
	}{
		{"whole lines", "a\nb\n", "", []string{"a\nb\n"}},
		{"pieces of a line", "abc\nd\n", "", []string{"a", "b", "c\nd"}},
		{"a crash", "before\n", "panic: x\n\ngoroutine 1 [running]:\n", []string{"before\n", "pan", "ic: x\n\ngoroutine 1", " [running]:\n"}},
		{"what only resembles one", "panicky: x\nno panic: y\n", "", []string{"panicky: x\nno panic: y\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var passed bytes.Buffer
			w := &watch{to: &passed}
			for _, text := range test.writes {
				if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
					t.Fatalf("Write = %d, %v", n, err)
				}
			}
			if report := w.end(); report != test.report {
				t.Errorf("report %q, want %q", report, test.report)
			}
			if passed.String() != test.passed {
				t.Errorf("passed on %q, want %q", passed.String(), test.passed)
			}
		})
	}
}
