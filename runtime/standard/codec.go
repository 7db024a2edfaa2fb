package standard

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// The data of a journal entry is a JSON array: the steps of the kernel, each
// with its time and its events, and at the end of an execution what it came to.
//
//	[{"at":1767225600000000000,"in":[{"e":"TaskSucceeded","task":5,"output":{}}]}, …,
//	 {"status":"SUCCEEDED","output":{}}]

// appendStep appends a step to the data of an entry that is not closed yet.
func appendStep(b []byte, at time.Time, events []interp.Event) []byte {
	b = openElement(b)
	b = append(b, `{"at":`...)
	b = strconv.AppendInt(b, at.UnixNano(), 10)
	b = append(b, `,"in":[`...)
	for i, e := range events {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendEvent(b, e)
	}
	return append(b, "]}"...)
}

func openElement(b []byte) []byte {
	switch {
	case b == nil:
		return append(make([]byte, 0, usualEntry), '[')
	case len(b) == 0:
		return append(b, '[')
	}
	return append(b, ',')
}

// usualEntry has room for the result of a small task and the start of the next.
const usualEntry = 512

func appendResult(b []byte, c *interp.Complete) []byte {
	b = append(openElement(b), `{"status":"`...)
	b = append(append(b, c.Status...), '"')
	b = appendDoc(b, "output", c.Output)
	b = appendRef(b, "error", c.Error)
	b = appendRef(b, "cause", c.Cause)
	return append(b, '}')
}

func appendEvent(b []byte, e interp.Event) []byte {
	switch e := e.(type) {
	case *interp.TaskStarted:
		b = appendTask(b, "TaskStarted", e.Task)
		if e.Worker != "" {
			b = appendRef(b, "worker", &e.Worker)
		}
	case *interp.TaskSubmitted:
		b = appendDoc(appendTask(b, "TaskSubmitted", e.Task), "output", e.Output)
	case *interp.TaskSucceeded:
		b = appendDoc(appendTask(b, "TaskSucceeded", e.Task), "output", e.Output)
	case *interp.TaskFailed:
		b = appendTask(b, "TaskFailed", e.Task)
		b = appendRef(appendRef(b, "error", e.Error), "cause", e.Cause)
	case *interp.TaskHeartbeat:
		b = appendTask(b, "TaskHeartbeat", e.Task)
	case *interp.TimerFired:
		b = appendNumber(appendName(b, "TimerFired"), "timer", int64(e.Timer))
	case *interp.ActivityFound:
		b = appendNumber(appendName(b, "ActivityFound"), "lookup", int64(e.Lookup))
	case *interp.ActivityMissing:
		b = appendNumber(appendName(b, "ActivityMissing"), "lookup", int64(e.Lookup))
	case *interp.Stopped:
		b = appendRef(appendRef(appendName(b, "Stopped"), "error", e.Error), "cause", e.Cause)
	case *interp.MapRunSucceeded:
		b = appendDoc(appendNumber(appendName(b, "MapRunSucceeded"), "run", int64(e.Run)), "output", e.Output)
	case *interp.MapRunFailed:
		b = appendNumber(appendName(b, "MapRunFailed"), "run", int64(e.Run))
		b = appendRef(appendRef(b, "error", e.Error), "cause", e.Cause)
	case *interp.Redriven:
		b = appendName(b, "Redriven")
		if !e.Whole {
			b = append(b, `,"parts":true`...)
		}
	case *interp.Started:
		b = appendDoc(appendName(b, "Started"), "input", e.Input)
		b = append(b, `,"seed":[`...)
		b = strconv.AppendUint(b, e.Seed[0], 10)
		b = strconv.AppendUint(append(b, ','), e.Seed[1], 10)
		b = append(b, ']')
	default:
		panic(fmt.Sprintf("standard: no stored form of %T", e))
	}
	return append(b, '}')
}

func appendName(b []byte, name string) []byte {
	return append(append(append(b, `{"e":"`...), name...), '"')
}

func appendNumber(b []byte, key string, n int64) []byte {
	b = append(append(append(b, `,"`...), key...), `":`...)
	return strconv.AppendInt(b, n, 10)
}

func appendTask(b []byte, name string, id interp.TaskID) []byte {
	return appendNumber(appendName(b, name), "task", int64(id))
}

func appendDoc(b []byte, key string, d *value.Doc) []byte {
	if d == nil {
		return b
	}
	b = append(append(append(b, `,"`...), key...), `":`...)
	return append(b, d.Text()...)
}

func appendRef(b []byte, key string, s *string) []byte {
	if s == nil {
		return b
	}
	b = append(append(append(b, `,"`...), key...), `":`...)
	return value.AppendString(b, *s)
}

// A step is an element of an entry's data.
type step struct {
	At int64    `json:"at"`
	In []stored `json:"in"`

	// The result of the execution.
	Status interp.Status   `json:"status"`
	Output json.RawMessage `json:"output"`
	Error  *string         `json:"error"`
	Cause  *string         `json:"cause"`
}

// stored is an event of the kernel.
type stored struct {
	Event  string          `json:"e"`
	Task   interp.TaskID   `json:"task"`
	Timer  interp.TimerID  `json:"timer"`
	Lookup interp.LookupID `json:"lookup"`
	Run    interp.RunID    `json:"run"`
	Worker string          `json:"worker"`
	Input  json.RawMessage `json:"input"`
	Output json.RawMessage `json:"output"`
	Error  *string         `json:"error"`
	Cause  *string         `json:"cause"`
	Seed   [2]uint64       `json:"seed"`
	Parts  bool            `json:"parts"`
}

func decodeEntry(data []byte) ([]step, error) {
	var steps []step
	if err := json.Unmarshal(data, &steps); err != nil {
		return nil, fmt.Errorf("standard: a journal entry cannot be read: %w", err)
	}
	return steps, nil
}

// event gives back what was stored, except what Started has from the execution's
// row.
func (s *stored) event() (interp.Event, error) {
	output, err := document(s.Output)
	if err != nil {
		return nil, err
	}
	switch s.Event {
	case "Started":
		input, err := document(s.Input)
		return &interp.Started{Input: input, Seed: s.Seed}, err
	case "TaskStarted":
		return &interp.TaskStarted{Task: s.Task, Worker: s.Worker}, nil
	case "TaskSubmitted":
		return &interp.TaskSubmitted{Task: s.Task, Output: output}, nil
	case "TaskSucceeded":
		return &interp.TaskSucceeded{Task: s.Task, Output: output}, nil
	case "TaskFailed":
		return &interp.TaskFailed{Task: s.Task, Error: s.Error, Cause: s.Cause}, nil
	case "TaskHeartbeat":
		return &interp.TaskHeartbeat{Task: s.Task}, nil
	case "TimerFired":
		return &interp.TimerFired{Timer: s.Timer}, nil
	case "ActivityFound":
		return &interp.ActivityFound{Lookup: s.Lookup}, nil
	case "ActivityMissing":
		return &interp.ActivityMissing{Lookup: s.Lookup}, nil
	case "MapRunSucceeded":
		return &interp.MapRunSucceeded{Run: s.Run, Output: output}, nil
	case "MapRunFailed":
		return &interp.MapRunFailed{Run: s.Run, Error: s.Error, Cause: s.Cause}, nil
	case "Redriven":
		return &interp.Redriven{Whole: !s.Parts}, nil
	case "Stopped":
		return &interp.Stopped{Error: s.Error, Cause: s.Cause}, nil
	}
	return nil, fmt.Errorf("standard: the journal has an event %q of a newer release", s.Event)
}

func document(text json.RawMessage) (*value.Doc, error) {
	if text == nil {
		return nil, nil
	}
	return value.ParseDoc(string(text))
}
