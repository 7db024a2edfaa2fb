package compiler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
	"github.com/stepsmith-dev/stepsmith/runtime/express"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// TestGolden compiles the programs of testdata/golden and compares what each
// phase makes of them: the sections "spec", "asl" and "map". A program with a
// section "input.json" is run too, and its section "history" compared. The
// answers of its tasks are in "tasks.json": for each task a list, of which the
// last is repeated; {"Error": …, "Cause": …} fails.
func TestGolden(t *testing.T) {
	t.Parallel()
	list, l := programs(t, "golden")
	for _, p := range list {
		t.Run(path.Base(p.name), func(t *testing.T) {
			t.Parallel()
			workflows := l.traced[p.name]
			if len(workflows) == 0 {
				t.Fatalf("no workflow; Go says:\n%s", l.said[p.name])
			}
			w := workflows[len(workflows)-1] // those before it are parts
			program, list := compiler.Compile(w.Spec)
			if len(list) > 0 {
				t.Errorf("diagnostics:\n%s", describe(list))
			}
			if program == nil {
				return
			}
			p.golden(t, "spec", w.Spec.Text())
			p.golden(t, "asl", string(program.ASL))
			m, err := program.SourceMap.Encode(filepath.Dir(w.Pos.File))
			if err != nil {
				t.Fatal(err)
			}
			p.golden(t, "map", string(m))
			if input := p.section("input.json"); input != nil {
				p.golden(t, "history", execute(t, program, w.Spec.Kind == spec.Standard, input.Data, p.answers(t), nested(t, workflows)))
			}
		})
	}
}

// nested are the machines that a workflow may start: those declared beside it.
func nested(t *testing.T, workflows []*load.Workflow) map[string]express.Machine {
	machines := make(map[string]express.Machine)
	for _, w := range workflows {
		program, list := compiler.Compile(w.Spec)
		if program == nil {
			t.Fatal(list.Err())
		}
		g, err := program.Graph()
		if err != nil {
			t.Fatal(err)
		}
		machines[w.Spec.Name] = express.Machine{Graph: g, Standard: w.Spec.Kind == spec.Standard}
	}
	return machines
}

// answers makes handlers of the section "tasks.json".
func (p *program) answers(t *testing.T) task.Handlers {
	t.Helper()
	handlers := make(task.Handlers)
	s := p.section("tasks.json")
	if s == nil {
		return handlers
	}
	var answers map[string][]json.RawMessage
	if err := json.Unmarshal(s.Data, &answers); err != nil {
		t.Fatal(err)
	}
	for name, list := range answers {
		next := make(chan json.RawMessage, len(list))
		for _, a := range list {
			next <- a
		}
		last := list[len(list)-1]
		handlers[name] = task.HandlerFunc(func(context.Context, json.RawMessage) (json.RawMessage, error) {
			answer := last
			select {
			case answer = <-next:
			default:
			}
			var failure struct{ Error, Cause string }
			if json.Unmarshal(answer, &failure) == nil && failure.Error != "" {
				return nil, &task.Error{Name: failure.Error, Cause: failure.Cause}
			}
			return answer, nil
		})
	}
	return handlers
}

// execute runs a program on virtual time and describes its history: the inputs
// and outputs of its states.
func execute(t *testing.T, p *compiler.Program, standard bool, input []byte, handlers task.Handlers, machines map[string]express.Machine) string {
	t.Helper()
	g, err := p.Graph()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := value.ParseDoc(strings.TrimSpace(string(input)))
	if err != nil {
		t.Fatal(err)
	}
	result, err := express.Run(t.Context(), g, doc, express.Options{
		Handlers: handlers, Machines: machines, Clock: express.NewVirtualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)),
		Standard: standard, Name: "run", Seed: [2]uint64{1, 2},
	})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range result.History {
		b.WriteString(event(t, e))
	}
	fmt.Fprintf(&b, "%s %s%s\n", result.Status, docText(result.Output), strings.TrimSuffix(result.Error+": "+result.Cause, ": "))
	return b.String()
}

func docText(d *value.Doc) string {
	if d == nil {
		return ""
	}
	return d.Text()
}

// event is a line for what is worth reading.
func event(t *testing.T, e history.Event) string {
	t.Helper()
	text, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(text, &fields); err != nil {
		t.Fatal(err)
	}
	line := strings.Trim(string(fields["type"]), `"`)
	for key, details := range fields {
		var d struct {
			Name, Input, Output, Error, Cause string
			AssignedVariables                 map[string]string
		}
		if !strings.HasSuffix(key, "Details") || json.Unmarshal(details, &d) != nil {
			continue
		}
		for _, part := range []string{d.Name, d.Input, d.Output, d.Error, d.Cause} {
			if part != "" {
				line += " " + part
			}
		}
		if len(d.AssignedVariables) > 0 {
			assigned, _ := json.Marshal(d.AssignedVariables)
			line += " assigned " + strings.ReplaceAll(string(assigned), `\"`, `"`)
		}
	}
	if strings.Contains(line, "StateEntered") || strings.Contains(line, "StateExited") || strings.Contains(line, "Failed") {
		return line + "\n"
	}
	return ""
}
