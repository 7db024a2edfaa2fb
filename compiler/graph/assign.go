package graph

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// An Assign gives variables new values.
type Assign struct{ payload *Payload }

// Eval returns an object of the new values. All of them are computed before
// any is stored. Errors are as those of [Payload.Eval].
func (a *Assign) Eval(e *Env) (*value.Doc, error) { return a.payload.Eval(e) }

// assign compiles an Assign field. Absent is nil.
func (c *compiler) assign(at pointer, v value.Value, jsonata bool) *Assign {
	switch {
	case v.IsUndefined():
		return nil
	case v.Kind() != value.KindObject:
		c.fail(at.key("Assign"), "The value must be an object")
		return nil
	}
	payload := c.payload(at, "Assign", v, jsonata)
	if payload == nil {
		return nil
	}
	return &Assign{payload}
}
