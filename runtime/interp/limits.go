package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// The limits of AWS that all kinds of executions share, in bytes of JSON text.
const (
	maxData      = 256 << 10 // an input, an output or a result
	maxVariable  = 256 << 10 // one variable, and all of one Assign together
	maxVariables = 10 << 20  // all variables of an execution
)

// checkOutput refuses an output that is too large. AWS neither retries nor
// catches that.
func (x *Execution) checkOutput(b *graph.Base, output *value.Doc) *failure {
	if output.Size() <= maxData {
		return nil
	}
	f := tooLarge(b.Name)
	f.fatal = true
	return f
}

// store gives variables their new values, in the flow that the thread runs.
func (x *Execution) store(t *thread, assigned []history.Variable) *failure {
	total := 0
	for _, v := range assigned {
		size := v.Value.Size()
		total += size
		if size > maxVariable || total > maxVariable {
			return runtimeError(t, "The size of the assigned variables exceeds the limit of %d bytes.", maxVariable)
		}
	}
	for _, v := range assigned {
		x.variables += int64(v.Value.Size())
		if old := t.variable(v.Name); old != nil {
			x.variables -= int64(old.Value.Size())
			old.Value = v.Value
			continue
		}
		t.vars = append(t.vars, v)
	}
	if x.variables > maxVariables {
		return runtimeError(t, "The size of all stored variables exceeds the limit of %d bytes.", maxVariables)
	}
	return nil
}

// forget counts the variables of a flow that has ended no more.
func (x *Execution) forget(t *thread) { x.variables -= t.stored() }

// stored is how many bytes the variables of the thread's own flow have.
func (t *thread) stored() (n int64) {
	for _, v := range t.vars {
		n += int64(v.Value.Size())
	}
	return n
}

// variable finds a variable of the thread's own flow.
func (t *thread) variable(name string) *history.Variable {
	for i := range t.vars {
		if t.vars[i].Name == name {
			return &t.vars[i]
		}
	}
	return nil
}

// lookup finds a variable in the thread's flow or in one around it.
func (x *Execution) lookup(name string) (value.Value, bool) {
	for t := x.current; t != nil; t = t.parent() {
		if v := t.variable(name); v != nil {
			return v.Value.Value(), true
		}
	}
	return value.Value{}, false
}
