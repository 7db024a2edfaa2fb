package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Handlers are the Retry and Catch fields of a state.
type Handlers struct {
	Retry []Retrier
	Catch []Catcher
}

// HandlersOf returns the Retry and Catch of a state, nil when its type has none.
func HandlersOf(s State) *Handlers {
	switch s := s.(type) {
	case *Task:
		return &s.Handlers
	case *Parallel:
		return &s.Handlers
	case *Map:
		return &s.Handlers
	}
	return nil
}

// A Retrier says how often and when a failed attempt is made again. Defaults
// are filled in.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds float64
	MaxAttempts     int64
	BackoffRate     float64
	// MaxDelaySeconds is 0 when delays are not capped.
	MaxDelaySeconds float64
	// FullJitter draws every delay between 0 and its computed value.
	FullJitter bool
}

// A Catcher says where a failed state goes on.
type Catcher struct {
	ErrorEquals []string
	Next        State
	ResultPath  *Target  // JSONPath; nil means that the error replaces the input
	Output      *Payload // JSONata; nil means the error
	Assign      *Assign  // nil when the catcher assigns nothing
}

func (c *compiler) handlers(at pointer, in *scope, retry []asl.Retrier, catch []asl.Catcher, jsonata bool) Handlers {
	var h Handlers
	for _, r := range retry {
		attempts, ok := r.MaxAttempts.Int()
		if !ok {
			attempts = 3
		}
		h.Retry = append(h.Retry, Retrier{
			ErrorEquals:     r.ErrorEquals,
			IntervalSeconds: number(r.IntervalSeconds, 1),
			MaxAttempts:     attempts,
			BackoffRate:     number(r.BackoffRate, 2),
			MaxDelaySeconds: number(r.MaxDelaySeconds, 0),
			FullJitter:      r.JitterStrategy == "FULL",
		})
	}
	for i, k := range catch {
		h.Catch = append(h.Catch, c.catcher(at.key("Catch").item(i), in, k, jsonata))
	}
	return h
}

func (c *compiler) catcher(at pointer, in *scope, k asl.Catcher, jsonata bool) Catcher {
	caught := Catcher{ErrorEquals: k.ErrorEquals, Assign: c.assign(at, k.Assign, jsonata)}
	if k.Next == "" {
		c.fail(at, "These fields are required: [Next]")
	}
	caught.Next = c.next(at.key("Next"), in, k.Next)
	if jsonata {
		caught.Output = c.query(at.key("Output"), "Output", k.Output)
	} else {
		caught.ResultPath = c.target(at.key("ResultPath"), k.ResultPath)
	}
	return caught
}

// number returns a literal number, or its default when it is absent.
func number(v value.Value, otherwise float64) float64 {
	if f, ok := v.Float(); ok {
		return f
	}
	return otherwise
}
