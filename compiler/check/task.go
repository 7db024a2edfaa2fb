package check

import (
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// tasks checks what the workflow's type demands of its tasks.
func (c *checker) tasks() {
	if c.workflow.Kind != spec.Express {
		return
	}
	c.workflow.Body.Walk(func(step spec.Step) {
		call, ok := step.(*spec.Call)
		if !ok || call.Task == nil || call.Task.Idempotent {
			return
		}
		c.add(diag.Diagnostic{
			Severity: diag.Warning, Code: "NOT_IDEMPOTENT", Pos: position(call.Pos),
			Message: "the task \"" + call.Task.Name + "\" is not declared idempotent, and an Express workflow that is started asynchronously may run it twice",
			Fix:     "declare it Idempotent if running it twice does no harm, or use dsl.Standard",
			Related: []diag.Related{{Message: "the task is declared here", Pos: position(call.Task.Pos)}},
		})
	})
}
