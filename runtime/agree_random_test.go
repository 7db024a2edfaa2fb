package runtime_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
)

// A writer writes random definitions that end: what is next comes later.
type writer struct {
	*rand.Rand
	states   int
	parallel bool // something runs at the same time
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
		return `"Type":"Pass",` + pick(w, "", `"Result":{"a":4,"list":[1,[2],"ä"]},`, `"Parameters":{"list.$":"States.Array(States.UUID(), $)"},`, `"ResultPath":"$.r",`) + next
	case "Task":
		return `"Type":"Task","Resource":"arn:aws:lambda:us-east-1:123456789012:function:f",` +
			pick(w, "", "", `"TimeoutSeconds":2,`, `"TimeoutSeconds":9,"HeartbeatSeconds":2,`) + w.handlers(later) + next
	case "Choice":
		return fmt.Sprintf(`"Type":"Choice","Choices":[{%s,"Next":%q}]%s`,
			pick(w, `"Variable":"$.a","IsPresent":true`, `"Variable":"$.a","NumericGreaterThan":3`, `"Not":{"Variable":"$","IsString":true}`), pick(w, later...),
			pick(w, "", fmt.Sprintf(`,"Default":%q`, pick(w, later...))))
	case "Wait":
		return `"Type":"Wait",` + pick(w, `"Seconds":3,`, `"Seconds":86400,`, `"Timestamp":"2024-03-01T00:00:00Z",`) + next
	case "Map":
		return `"Type":"Map","MaxConcurrency":1,` + pick(w, "", `"ItemsPath":"$.list",`) + `"ItemProcessor":{` + w.flow(depth+1) + `},` + w.handlers(later) + next
	default:
		w.parallel = true
		return `"Type":"Parallel","Branches":[{` + w.flow(depth+1) + `},{` + w.flow(depth+1) + `}],` + w.handlers(later) + next
	}
}

func (w *writer) handlers(later []string) string {
	var b strings.Builder
	names := func() string {
		return pick(w, `"States.ALL"`, `"States.TaskFailed"`, `"Exception"`, `"States.Timeout"`)
	}
	if w.IntN(2) == 0 {
		fmt.Fprintf(&b, `"Retry":[{"ErrorEquals":[%s],"MaxAttempts":%d,"JitterStrategy":%q}],`, names(), w.IntN(3), pick(w, "FULL", "NONE"))
	}
	if w.IntN(2) == 0 {
		fmt.Fprintf(&b, `"Catch":[{"ErrorEquals":[%s],%s"Next":%q}],`, names(), pick(w, "", `"ResultPath":"$.error",`), pick(w, later...))
	}
	return b.String()
}

// TestDriversAgreeAtRandom runs random definitions on every driver: what comes out
// must be the same, event for event where nothing runs at the same time, and but
// for their order where something does, unless a branch failed: two may fail at
// the same time, and who is first decides.
func TestDriversAgreeAtRandom(t *testing.T) {
	t.Parallel()
	definitions, parallel, long := 0, 0, 0
	for seed := range uint64(200) {
		w := &writer{Rand: rand.New(rand.NewPCG(seed, 3))}
		text := "{" + w.flow(0) + "}"
		m, err := compileText("agree", text)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, text)
		}
		input := pick(w, `{"a": 5, "list": [1, {"a": 2}]}`, `[{"a":7},"x"]`, `{}`, `[]`)
		file, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
		if err != nil {
			t.Fatal(err)
		}
		want := onExpress(t, m, input)
		inMemory, inFile := onStandard(t, m, text, input, memory.New()), onStandard(t, m, text, input, file)
		if w.parallel {
			if slices.ContainsFunc(want, func(line string) bool { return strings.Contains(line, `"ParallelStateFailed"`) }) {
				continue
			}
			parallel++
			want, inMemory, inFile = end(want), end(inMemory), end(inFile)
		}
		definitions++
		if len(want) > 8 {
			long++
		}
		if d := cmp.Diff(want, inMemory) + cmp.Diff(want, inFile); d != "" {
			t.Fatalf("seed %d: Express and Standard differ (-express +standard):\n%s\n%s", seed, d, text)
		}
	}
	t.Logf("%d definitions, %d of them parallel, %d with more than eight events", definitions, parallel, long)
	if parallel < 20 || definitions-parallel < 20 || long < definitions/3 {
		t.Error("the definitions are too much alike")
	}
}

// end is what a history comes to, without ids: those tell the order of branches
// whose events are at the same time.
func end(lines []string) []string {
	last := lines[len(lines)-1]
	_, details, _ := strings.Cut(last, `"type"`)
	types := make([]string, len(lines))
	for i, line := range lines {
		state, rest, _ := strings.Cut(line, " ")
		at, _, _ := strings.Cut(rest, " ")
		types[i] = state + " " + at
	}
	slices.Sort(types)
	return append(types, details)
}
