package check

import (
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// maxName is the length of the longest name of a state, in characters.
const maxName = 80

// states checks the names of the states, which are unique in the whole machine.
func (c *checker) states() {
	first := make(map[string]*spec.Header)
	state := func(head *spec.Header) {
		c.name(head)
		if other := first[head.Name]; other != nil {
			c.add(diag.Diagnostic{
				Code: "DUPLICATE_NAME", Pos: position(head.Pos), Message: "two states are named \"" + head.Name + "\"",
				Fix:     "give this one another name: Named for a task, dsl.Group for a helper that is used twice",
				Related: append([]diag.Related{{Message: "the other one", Pos: position(other.Pos)}}, callers(head)...),
			})
			return
		}
		first[head.Name] = head
	}
	c.workflow.Body.Walk(func(step spec.Step) {
		if isState(step) {
			state(step.Head())
		}
		if f, ok := step.(*spec.Finally); ok {
			failed := f.Header
			failed.Name = f.Failed
			state(&failed)
		}
	})
}

func callers(head *spec.Header) []diag.Related {
	var list []diag.Related
	for _, pos := range head.Stack {
		list = append(list, diag.Related{Message: "called from here", Pos: position(pos)})
	}
	return list
}

func (c *checker) name(head *spec.Header) {
	switch n := utf8.RuneCountInString(head.Name); {
	case n == 0:
		c.report("NO_NAME", head, "name it", "a state has no name")
	case n > maxName:
		c.report("LONG_NAME", head, "shorten it, or the prefix of its dsl.Group",
			"the name %q has %d characters; a state's name has at most %d", head.Name, n, maxName)
	}
}

func isState(step spec.Step) bool {
	switch step.(type) {
	case *spec.Call, *spec.Wait, *spec.Choice, *spec.Parallel, *spec.Map, *spec.Fail, *spec.Succeed, *spec.Finally, *spec.Raw:
		return true
	}
	return false
}

// shape checks what only the finished record of a block shows.
func (c *checker) shape(b *spec.Block) {
	b.Walk(func(step spec.Step) {
		if s, ok := step.(*spec.Choice); ok && s.Open {
			c.report("OPEN_SWITCH", &s.Header, "end it with Default; use dsl.If for a choice without a value",
				"the Switch %q has no Default, so it has no value when no case holds", s.Name)
		}
	})
}
