package standard

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

func TestCodec(t *testing.T) {
	t.Parallel()
	doc, err := value.ParseDoc("{ \"a\":\n[1.0, null, \"ü\\u0000\"] }")
	if err != nil {
		t.Fatal(err)
	}
	null := value.DocOf(value.Null())
	text := history.Ref("say \"ü\"\n")
	events := []interp.Event{
		&interp.Started{Input: doc, Seed: [2]uint64{1<<64 - 1, 3}},
		&interp.TaskStarted{Task: 5, Worker: "w\"x"}, &interp.TaskStarted{Task: 6},
		&interp.TaskSubmitted{Task: 5, Output: doc}, &interp.TaskSucceeded{Task: 1 << 40, Output: null},
		&interp.TaskFailed{Task: 5}, &interp.TaskFailed{Task: 5, Error: text, Cause: history.Ref("")},
		&interp.TaskHeartbeat{Task: 7}, &interp.TimerFired{Timer: 8},
		&interp.ActivityFound{Lookup: 9}, &interp.ActivityMissing{Lookup: 10},
		&interp.MapRunSucceeded{Run: 11, Output: doc}, &interp.MapRunFailed{Run: 12, Cause: text},
		&interp.Stopped{Cause: text}, new(interp.Redriven), &interp.Redriven{Whole: true},
	}
	at := time.Unix(1767225600, 123456789)
	data := appendStep(nil, at, events[:3])
	data = appendStep(data, at, events[3:])
	data = append(appendResult(data, &interp.Complete{Status: interp.Succeeded, Output: doc, Error: text}), ']')
	steps, err := decodeEntry(data)
	if err != nil {
		t.Fatal(err)
	}
	var got []interp.Event
	for _, s := range steps[:2] {
		in, err := s.events(interp.Info{})
		if err != nil {
			t.Fatal(err)
		}
		if s.At != at.UnixNano() {
			t.Errorf("at %d", s.At)
		}
		got = append(got, in...)
	}
	docs := cmp.Comparer(func(a, b *value.Doc) bool { return (a == nil) == (b == nil) && (a == nil || a.Text() == b.Text()) })
	if d := cmp.Diff(events, got, docs, cmpopts.IgnoreFields(interp.Started{}, "Limits")); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if r := steps[2]; r.Status != interp.Succeeded || string(r.Output) != doc.Text() || *r.Error != *text || r.Cause != nil {
		t.Errorf("result %+v", r)
	}
}

// FuzzEntry reads entries that somebody has tampered with.
func FuzzEntry(f *testing.F) {
	f.Add([]byte(`[{"at":1,"in":[{"e":"TaskSucceeded","task":5,"output":{}}]},{"status":"SUCCEEDED"}]`))
	f.Add([]byte(`[{"in":[{"e":"Started","input":null,"seed":[1,2]},{"e":"x"}]}]`))
	f.Fuzz(func(t *testing.T, data []byte) {
		steps, err := decodeEntry(data)
		if err != nil {
			return
		}
		for _, s := range steps {
			in, err := s.events(interp.Info{})
			if err == nil && !json.Valid(append(appendStep(nil, time.Unix(0, s.At), in), ']')) {
				t.Errorf("%q is not written as JSON again", data)
			}
		}
	})
}
