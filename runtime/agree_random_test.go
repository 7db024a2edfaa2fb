package runtime_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
)

// A writer writes random definitions that end: what is next comes later.
type writer struct {
	*rand.Rand
	states int
	child  bool // of a map run: its seed is another on each driver
}

func pick[T any](w *writer, of ...T) T { return of[w.IntN(len(of))] }

func (w *writer) flow(depth int) string {
	names := make([]string, 2+w.IntN(5))
	for i := range names {
		w.states++
		// The length of a name decides how the handler of its task behaves.
		names[i] = fmt.Sprintf("S%d%s", w.states, strings.Repeat("x", w.IntN(4)))
	}
	var states []string
	for i, name := range names {
		states = append(states, fmt.Sprintf("%q:{%s}", name, w.state(depth, names[i+1:])))
	}
	return fmt.Sprintf(`"StartAt":%q,"States":{%s}`, names[0], strings.Join(states, ","))
}

func (w *writer) state(depth int, later []string) string {
	if len(later) == 0 {
		return pick(w, `"Type":"Succeed"`, `"Type":"Fail","Error":"Boom","Cause":"bang"`, `"Type":"Pass","End":true`, `"Type":"Pass","End":true`)
	}
	next := fmt.Sprintf(`"Next":%q`, pick(w, later...))
	if w.IntN(6) == 0 {
		next = `"End":true`
	}
	types := []string{"Pass", "Task", "Task", "Task", "Choice", "Wait"}
	if depth < 2 {
		types = append(types, "Map", "Parallel")
	}
	switch typ := pick(w, types...); typ {
	case "Pass":
		return `"Type":"Pass",` + pick(w, "", `"Result":{"a":4,"list":[1,[2],"ä"]},`, `"Parameters":{"list.$":"States.Array(`+w.drawn("States.UUID()", "1")+`, $)"},`, `"ResultPath":"$.r",`) + next
	case "Task":
		return `"Type":"Task","Resource":` + w.resource() + `,` +
			pick(w, "", "", `"TimeoutSeconds":2,`, `"TimeoutSeconds":9,"HeartbeatSeconds":2,`) + w.handlers(later) + next
	case "Choice":
		return fmt.Sprintf(`"Type":"Choice","Choices":[{%s,"Next":%q}]%s`,
			pick(w, `"Variable":"$.a","IsPresent":true`, `"Variable":"$.a","NumericGreaterThan":3`, `"Not":{"Variable":"$","IsString":true}`), pick(w, later...),
			pick(w, "", fmt.Sprintf(`,"Default":%q`, pick(w, later...))))
	case "Wait":
		return `"Type":"Wait",` + pick(w, `"Seconds":3,`, `"Seconds":86400,`, `"Timestamp":"2024-03-01T00:00:00Z",`) + next
	case "Map":
		defer func(before bool) { w.child = before }(w.child)
		return `"Type":"Map",` + pick(w, "", "", `"MaxConcurrency":1,`, `"MaxConcurrency":2,`) + pick(w, "", `"ItemsPath":"$.list",`) +
			`"ItemProcessor":{` + w.mode(depth) + w.flow(depth+1) + `},` + w.handlers(later) + next
	default:
		return `"Type":"Parallel","Branches":[{` + w.flow(depth+1) + `},{` + w.flow(depth+1) + `}],` + w.handlers(later) + next
	}
}

func (w *writer) resource() string {
	return pick(w, `"arn:aws:lambda:us-east-1:123456789012:function:f"`, `"arn:aws:lambda:us-east-1:123456789012:function:f"`,
		`"arn:aws:states:::sqs:sendMessage"`, `"arn:aws:states:::glue:startJobRun.sync"`,
		`"arn:aws:states:us-east-1:123456789012:activity:a"`,
		w.drawn(`"arn:aws:states:::sqs:sendMessage.waitForTaskToken","Parameters":{"Token.$":"$$.Task.Token"}`, `"arn:aws:states:::sns:publish"`))
}

// mode makes some Maps distributed ones, whose children are Standard or Express.
func (w *writer) mode(depth int) string {
	if depth > 0 {
		return ""
	}
	kind := pick(w, "", "", "", "STANDARD", "STANDARD", "EXPRESS")
	if w.child = kind != ""; !w.child {
		return ""
	}
	return `"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"` + kind + `"},`
}

// drawn is what draws from the seed, or in the children of map runs what does not.
func (w *writer) drawn(random, plain string) string {
	if w.child {
		return plain
	}
	return random
}

func (w *writer) handlers(later []string) string {
	var b strings.Builder
	names := func() string {
		return pick(w, `"States.ALL"`, `"States.TaskFailed"`, `"Exception"`, `"States.Timeout"`)
	}
	if w.IntN(2) == 0 {
		fmt.Fprintf(&b, `"Retry":[{"ErrorEquals":[%s],"MaxAttempts":%d,"JitterStrategy":%q}],`, names(), w.IntN(3), pick(w, w.drawn("FULL", "NONE"), "NONE"))
	}
	if w.IntN(2) == 0 {
		fmt.Fprintf(&b, `"Catch":[{"ErrorEquals":[%s],%s"Next":%q}],`, names(), pick(w, "", `"ResultPath":"$.error",`), pick(w, later...))
	}
	return b.String()
}

// TestDriversAgreeAtRandom runs random definitions on every driver: what comes out
// must be the same, event for event.
func TestDriversAgreeAtRandom(t *testing.T) {
	t.Parallel()
	const samples, groups = 400, 4
	var definitions, parallel, long atomic.Int64
	t.Run("group", func(t *testing.T) {
		for group := range uint64(groups) {
			t.Run(fmt.Sprint(group), func(t *testing.T) {
				t.Parallel()
				inMemory, inFile := memory.New(), storeFile(t)
				for seed := group; seed < samples; seed += groups {
					w := &writer{Rand: rand.New(rand.NewPCG(seed, 3))}
					text := "{" + w.flow(0) + "}"
					m, err := compileText("agree", text)
					if err != nil {
						t.Fatalf("seed %d: %v\n%s", seed, err, text)
					}
					x := &sample{name: fmt.Sprint("x", seed), machine: m, definition: text}
					x.input = pick(w, `{"a": 5, "list": [1, {"a": 2}]}`, `[{"a":7},"x"]`, `{"list": [[], {"list": [0]}, "y"]}`, `[]`)
					want := onExpress(t, x)
					if d := cmp.Diff(want, onStandard(t, x, inMemory)) + cmp.Diff(want, onStandard(t, x, inFile)); d != "" {
						t.Fatalf("seed %d: Express and Standard differ (-express +standard):\n%s\n%s", seed, d, text)
					}
					definitions.Add(1)
					if x.parallel() {
						parallel.Add(1)
					}
					if len(want) > 8 {
						long.Add(1)
					}
				}
			})
		}
	})
	n := definitions.Load()
	t.Logf("%d definitions, %d of them parallel, %d with more than eight events", n, parallel.Load(), long.Load())
	if n < samples || parallel.Load() < n/4 || long.Load() < n/3 {
		t.Error("the definitions are too much alike")
	}
}
