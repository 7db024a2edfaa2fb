package check

import (
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

const allErrors = "States.ALL"

// The limits of Amazon States Language.
const (
	maxSeconds = 99_999_999
	maxDelay   = 31_622_400 * time.Second
)

// handling checks retriers, catchers and the names of errors.
func (c *checker) handling() {
	c.workflow.Body.Walk(func(step spec.Step) {
		switch s := step.(type) {
		case *spec.Call:
			c.retry(&s.Header, s.Retry)
		case *spec.Parallel:
			c.retry(&s.Header, s.Retry)
		case *spec.Map:
			c.retry(&s.Header, s.Retry)
		case *spec.Try:
			c.catch(s)
		case *spec.Fail:
			c.failure(s)
		}
	})
}

func (c *checker) retry(head *spec.Header, list []spec.Retrier) {
	for i, r := range list {
		c.errors(head, r.Errors)
		if slices.Contains(r.Errors, allErrors) && i < len(list)-1 {
			c.report("UNREACHABLE_HANDLER", head, "put the retrier for all errors last",
				"a retrier of %q can never act: the one before it takes all errors", head.Name)
		}
		c.retrier(head, r)
	}
}

func (c *checker) retrier(head *spec.Header, r spec.Retrier) {
	bad := func(fix, format string, args ...any) { c.report("BAD_RETRY", head, fix, format, args...) }
	switch interval := max(r.Interval, time.Second); {
	case r.Interval < 0 || r.Interval > maxSeconds*time.Second:
		bad("give an interval from 1s to 99999999s", "the retry interval %s is out of bounds", r.Interval)
	case r.MaxDelay < 0 || r.MaxDelay > maxDelay:
		bad("give a delay of at most 31622400s, a year", "the longest retry delay %s is out of bounds", r.MaxDelay)
	case r.MaxDelay > 0 && r.MaxDelay <= interval:
		bad("make UpTo longer than Every, or remove it", "the longest retry delay %s is not longer than the interval %s", r.MaxDelay, interval)
	}
	if r.MaxAttempts != nil && (*r.MaxAttempts < 0 || *r.MaxAttempts > maxSeconds) {
		bad("give a number from 0, which means never, to 99999999", "%d retries are out of bounds", *r.MaxAttempts)
	}
	if r.Backoff != 0 && r.Backoff < 1 {
		bad("give a rate of at least 1", "the backoff rate %v would shorten the delays", r.Backoff)
	}
}

func (c *checker) catch(s *spec.Try) {
	for i, catcher := range s.Catchers {
		head := &spec.Header{Pos: catcher.Pos}
		c.errors(head, catcher.Errors)
		if slices.Contains(catcher.Errors, allErrors) && i < len(s.Catchers)-1 {
			c.add(diag.Diagnostic{
				Code: "UNREACHABLE_HANDLER", Pos: position(s.Catchers[i+1].Pos), Message: "this catcher can never act: the one before it takes all errors",
				Fix:     "put the catcher for all errors last",
				Related: []diag.Related{{Message: "the catcher for all errors", Pos: position(catcher.Pos)}},
			})
		}
	}
}

// errors checks the names that a retrier or catcher matches.
func (c *checker) errors(head *spec.Header, names []string) {
	if len(names) > 1 && slices.Contains(names, allErrors) {
		c.report("BAD_ERROR_NAME", head, "leave out the other names", "States.ALL stands with other errors; it means all of them and must stand alone")
	}
	for _, name := range names {
		c.errorName(head, name)
	}
}

func (c *checker) errorName(head *spec.Header, name string) {
	switch {
	case name == "":
		c.report("BAD_ERROR_NAME", head, "give it a name", "an error has no name")
	case strings.HasPrefix(name, "States.") && !slices.Contains(predefined, name) && !strings.HasPrefix(name, "States.Http."):
		c.report("BAD_ERROR_NAME", head, "choose a name that does not begin with \"States.\"",
			"AWS defines no error %q, and names that begin with \"States.\" are its own", name)
	}
}

func (c *checker) failure(s *spec.Fail) {
	if s.Error == nil || s.Error.Op != spec.OpLiteral {
		return
	}
	name := strings.Trim(string(s.Error.Value), `"`)
	if name == allErrors || name == "States.TaskFailed" {
		c.report("BAD_ERROR_NAME", &s.Header, "fail with an error of your own", "%s is a pattern that matches errors, not an error", name)
		return
	}
	c.errorName(&s.Header, name)
}

// predefined are the names that AWS gives a meaning.
var predefined = []string{
	allErrors, "States.TaskFailed", "States.Timeout", "States.HeartbeatTimeout", "States.Permissions", "States.Runtime",
	"States.DataLimitExceeded", "States.ResultPathMatchFailure", "States.ParameterPathFailure", "States.IntrinsicFailure",
	"States.QueryEvaluationError", "States.BranchFailed", "States.NoChoiceMatched", "States.ExceedToleratedFailureThreshold",
	"States.ItemReaderFailed", "States.ResultWriterFailed",
}
