package compiler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// randomWorkflows is how many workflows a run of TestRandomWorkflows makes.
const randomWorkflows = 3000

// TestRandomWorkflows makes random workflows, compiles them and runs them on
// several inputs; each must compile without a diagnostic and give what a direct
// evaluation in Go gives. One that does not is made as small as possible first.
// STEPSMITH_SEED repeats a run.
func TestRandomWorkflows(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	if text := os.Getenv("STEPSMITH_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	n := randomWorkflows
	if testing.Short() {
		n /= 10
	}
	failures := make(chan string, n)
	var all sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := worker; i < n && len(failures) < 3; i += runtime.GOMAXPROCS(0) {
				if message := tryWorkflow(t.Context(), seed, uint64(i)); message != "" {
					failures <- message
				}
			}
		})
	}
	all.Wait()
	close(failures)
	for message := range failures {
		t.Errorf("STEPSMITH_SEED=%d\n%s", seed, message)
	}
}

// tryWorkflow checks one workflow; what it returns is the smallest failure that
// it finds.
func tryWorkflow(ctx context.Context, seed, i uint64) string {
	random := rand.New(rand.NewPCG(seed, i))
	choices := make([]uint8, 40+random.IntN(400))
	for j := range choices {
		choices[j] = uint8(random.Uint32())
	}
	if message := checkChoices(ctx, choices); message == "" {
		return ""
	}
	choices = shrink(ctx, choices)
	return fmt.Sprintf("workflow %d, choices %v:\n%s", i, choices, checkChoices(ctx, choices))
}

// shrink looks for a smaller source of a program that fails: it cuts parts out
// and lowers numbers as long as that helps.
func shrink(ctx context.Context, choices []uint8) []uint8 {
	fails := func(c []uint8) bool { return checkChoices(ctx, c) != "" }
	for better, rounds := true, 0; better && rounds < 8; rounds++ {
		better = false
		for size := len(choices) / 2; size > 0; size /= 2 {
			for at := 0; at+size <= len(choices); {
				shorter := append(append([]uint8(nil), choices[:at]...), choices[at+size:]...)
				if fails(shorter) {
					choices, better = shorter, true
				} else {
					at += size
				}
			}
		}
		for at, c := range choices {
			for _, lower := range []uint8{0, 1, c / 2} {
				smaller := append([]uint8(nil), choices...)
				if smaller[at] = lower; lower < c && fails(smaller) {
					choices, better = smaller, true
					break
				}
			}
		}
	}
	return choices
}

// checkChoices says what is wrong with the workflow that a source makes; "" for
// nothing.
func checkChoices(ctx context.Context, choices []uint8) (message string) {
	var program *compiler.Program
	defer func() {
		if r := recover(); r != nil {
			buffer := make([]byte, 4096)
			message = fmt.Sprintf("panic: %v\n%s", r, buffer[:runtime.Stack(buffer, false)])
		}
		if message != "" && program != nil {
			message += "\n" + string(program.ASL)
		}
	}()
	g := &generator{source: &source{choices: choices}, budget: 25}
	body, out := g.program()
	w := trace(body, out).Trace()
	var found fmt.Stringer
	if program, found = compiled(w); program == nil || found != nil {
		return fmt.Sprintf("it does not compile: %v\n%s", found, w.Text())
	}
	if again := roundTrip(w); !bytes.Equal(again, program.ASL) {
		return "a record that was read from JSON gives another definition:\n" + string(again)
	}
	for _, input := range randomInputs {
		if wrong := disagreement(ctx, program, body, input); wrong != "" {
			return wrong + "\n" + w.Text()
		}
	}
	return ""
}

// compiled compiles a workflow; found is nil when there is nothing to say.
func compiled(w *spec.Workflow) (*compiler.Program, fmt.Stringer) {
	program, list := compiler.Compile(w)
	if len(list) > 0 {
		return program, list[0]
	}
	return program, nil
}

// roundTrip compiles the record as the compiler gets it from a user's program.
func roundTrip(w *spec.Workflow) []byte {
	text, err := json.Marshal(w)
	if err != nil {
		panic(err)
	}
	read := new(spec.Workflow)
	if err := json.Unmarshal(text, read); err != nil {
		panic(err)
	}
	program, _ := compiler.Compile(read)
	if program == nil {
		return nil
	}
	return program.ASL
}

var randomInputs = []string{
	`{"n": 1, "s": "a", "tags": []}`,
	`{"n": 2, "s": "b,c", "tags": ["x"], "o": null}`,
	`{"n": 3, "s": "it's", "tags": ["x", "y", "z"], "o": 5}`,
}

// disagreement runs the program on the input, and says how the result differs
// from that of the direct evaluation.
func disagreement(ctx context.Context, p *compiler.Program, body *block, input string) string {
	graph, err := p.Graph()
	if err != nil {
		return err.Error()
	}
	doc, err := value.ParseDoc(input)
	if err != nil {
		panic(err)
	}
	want, failure := evaluateProgram(body, decode(input))
	result, err := express.Run(ctx, graph, doc, express.Options{
		Handlers: randomHandlers, Clock: express.NewVirtualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)),
		Standard: true, DiscardHistory: true, Seed: [2]uint64{1, 2},
	})
	switch {
	case err != nil:
		return err.Error()
	case failure != nil:
		if result.Error != failure.name || result.Cause != failure.cause {
			return fmt.Sprintf("on %s it ends %s %s: %s %s; want the error %s: %s", input, result.Status, result.Error, result.Cause, outputOf(result), failure.name, failure.cause)
		}
	case result.Output == nil:
		return fmt.Sprintf("on %s it fails with %s: %s; want %s", input, result.Error, result.Cause, encode(want))
	case !reflect.DeepEqual(plain(decode(result.Output.Text())), plain(want)):
		return fmt.Sprintf("on %s it gives %s; want %s", input, result.Output.Text(), encode(want))
	}
	return ""
}

func outputOf(r *express.Result) string {
	if r.Output == nil {
		return ""
	}
	return r.Output.Text()
}

var randomHandlers = func() task.Handlers {
	h := make(task.Handlers)
	for _, name := range taskNames {
		h[name] = task.HandlerFunc(func(_ context.Context, input json.RawMessage) (json.RawMessage, error) {
			out, failure := runTask(name, decode(string(input)))
			if failure != nil {
				return nil, failure
			}
			return json.RawMessage(encode(out)), nil
		})
	}
	return h
}()

func encode(x any) string {
	text, err := json.Marshal(x)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// decode reads JSON with numbers as int.
func decode(text string) any {
	decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
	decoder.UseNumber()
	var x any
	if err := decoder.Decode(&x); err != nil {
		panic(err)
	}
	return whole(x)
}

func whole(x any) any {
	switch x := x.(type) {
	case json.Number:
		n, err := strconv.Atoi(x.String())
		if err != nil {
			panic(err)
		}
		return n
	case []any:
		for i := range x {
			x[i] = whole(x[i])
		}
	case map[string]any:
		for k := range x {
			x[k] = whole(x[k])
		}
	}
	return x
}

// plain leaves out members that are null: they read as missing ones do.
func plain(x any) any {
	switch x := x.(type) {
	case []any:
		out := []any{}
		for _, y := range x {
			out = append(out, plain(y))
		}
		return out
	case map[string]any:
		out := make(map[string]any)
		for k, y := range x {
			if y != nil {
				out[k] = plain(y)
			}
		}
		return out
	case dict:
		return plain(x.members)
	}
	return x
}
