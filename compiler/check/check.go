// Package check finds misuse of the DSL in the record of a traced workflow:
// what tracing noted on its way, and what can be seen only when the whole is
// known. Each finding has a stable code; its page, with an example and how to
// mend it, is found by [Explain].
package check

import (
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Workflow returns everything that is wrong or doubtful in a workflow, sorted by
// position. Without an error among it, the workflow can be lowered.
func Workflow(w *spec.Workflow) diag.List {
	c := &checker{workflow: w, seen: make(map[string]bool)}
	for _, p := range w.Problems {
		c.traced(p)
	}
	c.shape(w.Body)
	c.states()
	c.limit()
	c.tasks()
	c.handling()
	c.parameters()
	c.variables()
	c.list.Sort()
	return c.list
}

// limit checks how long an execution may take.
func (c *checker) limit() {
	if d := c.workflow.Timeout; d < 0 || d%time.Second != 0 || d > maxSeconds*time.Second {
		c.report("BAD_DURATION", &spec.Header{Pos: c.workflow.Pos}, "give whole seconds, at most 99999999",
			"the timeout %s of the workflow is not a whole number of seconds, or out of bounds", d)
	}
}

type checker struct {
	workflow *spec.Workflow
	list     diag.List
	seen     map[string]bool
}

// add reports a finding once.
func (c *checker) add(d diag.Diagnostic) {
	key := fmt.Sprint(d.Code, d.Pos, d.Message)
	if !c.seen[key] {
		c.seen[key] = true
		c.list = append(c.list, d)
	}
}

func (c *checker) report(code string, at *spec.Header, fix, format string, args ...any) {
	c.traced(spec.Problem{Code: code, Message: fmt.Sprintf(format, args...), Fix: fix, Pos: at.Pos, Related: at.Stack})
}

// traced reports a problem that tracing noted.
func (c *checker) traced(p spec.Problem) {
	d := diag.Diagnostic{Code: p.Code, Message: p.Message, Fix: p.Fix, Pos: position(p.Pos)}
	for _, pos := range p.Related {
		d.Related = append(d.Related, diag.Related{Message: relation(p.Code), Pos: position(pos)})
	}
	c.add(d)
}

// relation says what the second place of a problem is.
func relation(code string) string {
	switch code {
	case "OUT_OF_SCOPE":
		return "the value comes from here"
	case "CROSSES_BORDER":
		return "declared here"
	default:
		return "called from here"
	}
}

func position(p spec.Pos) diag.Position { return diag.Position{File: p.File, Line: p.Line} }
