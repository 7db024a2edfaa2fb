package check

import (
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// tasks checks what tasks need: what the workflow's type demands of them, and
// what they must be given so that they end.
func (c *checker) tasks() {
	express := c.workflow.Kind == spec.Express
	c.workflow.Body.Walk(func(step spec.Step) {
		switch s := step.(type) {
		case *spec.Call:
			c.waits(s)
			c.token(s)
			if express {
				c.express(s)
			}
		case *spec.Map:
			c.distributed(s)
			if express && s.Distributed != nil {
				c.notInExpress(&s.Header, "a distributed Map")
			}
		}
	})
}

// express checks a task of an Express workflow.
func (c *checker) express(s *spec.Call) {
	switch {
	case s.Task.Resource == spec.Activity:
		c.notInExpress(&s.Header, "an activity")
	case s.Pattern == spec.Callback || strings.HasSuffix(s.Task.Target, ".waitForTaskToken"):
		c.notInExpress(&s.Header, "a callback")
	case s.Task.Resource == spec.Nested && s.Pattern == spec.Await || strings.Contains(s.Task.Target, ".sync"):
		c.notInExpress(&s.Header, "a task that waits for the end of a job or of another workflow")
	case !s.Task.Idempotent && s.Pattern != spec.Start:
		c.add(diag.Diagnostic{
			Severity: diag.Warning, Code: "NOT_IDEMPOTENT", Pos: position(s.Pos),
			Message: "the task \"" + s.Task.Name + "\" is not declared idempotent, and an Express workflow that is started asynchronously may run it twice",
			Fix:     "declare it Idempotent if running it twice does no harm, or use dsl.Standard",
			Related: []diag.Related{{Message: "the task is declared here", Pos: position(s.Task.Pos)}},
		})
	}
}

func (c *checker) notInExpress(head *spec.Header, what string) {
	c.report("NOT_IN_EXPRESS", head, "use dsl.Standard", "%q is %s, which Express workflows do not have", head.Name, what)
}

// waits warns of tasks that somebody else ends, and that may wait for a year.
func (c *checker) waits(s *spec.Call) {
	if s.Task.Resource != spec.Activity && s.Pattern != spec.Callback {
		return
	}
	if s.Timeout+s.Heartbeat == 0 && s.TimeoutOf == nil && s.HeartbeatOf == nil {
		c.add(diag.Diagnostic{
			Severity: diag.Warning, Code: "NO_TIMEOUT", Pos: position(s.Pos),
			Message: "\"" + s.Name + "\" waits for somebody who may never answer, for up to a year",
			Fix:     "give the task a Timeout or a Heartbeat",
		})
	}
}

// token checks that a callback hands out its token.
func (c *checker) token(s *spec.Call) {
	if s.Pattern != spec.Callback {
		return
	}
	handed := false
	s.Input.Walk(func(x *spec.Expr) bool {
		handed = handed || x.Op == spec.OpRef && x.Source == s.Token
		return !handed
	})
	if !handed {
		c.report("NO_TASK_TOKEN", &s.Header, "put the token into the task's input",
			"%q waits until its token is returned, and hands it to nobody", s.Name)
	}
}

// distributed checks the options of a distributed Map.
func (c *checker) distributed(s *spec.Map) {
	d := s.Distributed
	if d == nil {
		return
	}
	bad := func(fix, format string, args ...any) { c.report("BAD_OPTION", &s.Header, fix, format, args...) }
	if len(d.Label) > 40 || strings.ContainsAny(d.Label, " ?*<>{}[]:;,\\|^~$#%&`\"") {
		bad("use at most 40 letters, digits, dashes and underscores", "the label %q is too long or has forbidden characters", d.Label)
	}
	if p := d.FailureShare; p != nil && (*p < 0 || *p > 100) {
		bad("give a percentage from 0 to 100", "%v percent of the items of %q are to be tolerated as failures", *p, s.Name)
	}
	if n := d.FailureNumber; n != nil && *n < 0 {
		bad("give a number from 0", "%d items of %q are to be tolerated as failures", *n, s.Name)
	}
	if d.BatchBytes > 262_144 {
		bad("give at most 262144 bytes", "a batch of %d bytes is larger than an execution's input can be", d.BatchBytes)
	}
	if r := d.Reader; r != nil && r.Delimiter != "" && !slices.Contains(delimiters, r.Delimiter) {
		bad("use one of "+strings.Join(delimiters, ", "), "there is no delimiter %q", r.Delimiter)
	}
}

var delimiters = []string{"COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"}
