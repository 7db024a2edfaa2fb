package spec

import (
	"slices"
	"time"
)

// A Step is one thing that a block does: a state, or a piece of structure that
// lowering turns into transitions. The set is closed.
type Step interface {
	// Head returns what all steps have in common.
	Head() *Header
	kind() string
}

// A Header is what all steps have in common.
type Header struct {
	Name  string `json:"name,omitempty"` // the state's name; "" for steps that are no state
	Pos   Pos    `json:"pos"`
	Stack []Pos  `json:"stack,omitempty"` // the user's callers of Pos, innermost first
}

// Head returns h.
func (h *Header) Head() *Header { return h }

// A Retrier tries a failed state again.
type Retrier struct {
	Errors      []string      `json:"errors"`
	Interval    time.Duration `json:"interval,omitempty"`    // before the first retry; 0 is AWS's default, a second
	MaxAttempts *int          `json:"maxAttempts,omitempty"` // retries, not attempts; nil is AWS's default, 3
	Backoff     float64       `json:"backoff,omitempty"`     // 0 is AWS's default, 2
	MaxDelay    time.Duration `json:"maxDelay,omitempty"`
	Jitter      bool          `json:"jitter,omitempty"`
}

// EveryBlock calls visit for the blocks that step holds directly, in order.
func EveryBlock(step Step, visit func(*Block)) {
	switch s := step.(type) {
	case *Choice:
		for _, arm := range s.Arms {
			visit(arm.Body)
		}
		if s.Default != nil {
			visit(s.Default)
		}
	case *Parallel:
		for _, b := range s.Branches {
			visit(b)
		}
	case *Map:
		visit(s.Body)
	case *Repeat:
		visit(s.Body)
	case *Try:
		visit(s.Body)
		for _, c := range s.Catchers {
			visit(c.Body)
		}
	case *Finally:
		visit(s.Body)
		visit(s.Cleanup)
	}
}

// EveryExpr calls visit for the expressions that step uses itself, in the order
// they are evaluated; those of the blocks it holds are not among them.
func EveryExpr(step Step, visit func(*Expr)) {
	some := func(exprs ...*Expr) {
		for _, e := range exprs {
			if e != nil {
				visit(e)
			}
		}
	}
	switch s := step.(type) {
	case *Call:
		some(s.Input, s.Role, s.TimeoutOf, s.HeartbeatOf)
	case *Wait:
		some(s.Seconds, s.Until)
	case *Choice:
		for _, arm := range s.Arms {
			some(arm.Condition)
		}
	case *Parallel:
		some(s.Output)
	case *Map:
		some(s.Items, s.ConcurrencyOf)
		if d := s.Distributed; d != nil && d.Reader != nil {
			some(d.Reader.Bucket, d.Reader.Key, d.Reader.Prefix)
		}
		if d := s.Distributed; d != nil && d.Writer != nil {
			some(d.Writer.Bucket, d.Writer.Prefix)
		}
	case *Raw:
		some(s.Input)
	case *Break:
		some(s.Value)
	case *Set:
		some(s.Value)
	case *Bind:
		some(s.Value)
	case *Fail:
		some(s.Error, s.Cause)
	case *Succeed:
		some(s.Value)
	}
}

// Walk calls visit for every step of the block and of the blocks within it, in
// the order written.
func (b *Block) Walk(visit func(Step)) {
	for _, step := range b.Steps {
		visit(step)
		EveryBlock(step, func(inner *Block) { inner.Walk(visit) })
	}
}

// Rewrite returns the step with change applied to the expressions that it uses
// itself, those of [EveryExpr]. It is a copy, which shares everything else, or
// step itself when nothing changed.
func Rewrite(step Step, change func(*Expr) *Expr) Step {
	changed := false
	some := func(e *Expr) *Expr {
		if e == nil {
			return nil
		}
		to := change(e)
		changed = changed || to != e
		return to
	}
	switch s := step.(type) {
	case *Call:
		c := *s
		c.Input, c.Role, c.TimeoutOf, c.HeartbeatOf = some(s.Input), some(s.Role), some(s.TimeoutOf), some(s.HeartbeatOf)
		step = pick(changed, step, &c)
	case *Wait:
		c := *s
		c.Seconds, c.Until = some(s.Seconds), some(s.Until)
		step = pick(changed, step, &c)
	case *Choice:
		c := *s
		c.Arms = slices.Clone(s.Arms)
		for i := range c.Arms {
			c.Arms[i].Condition = some(c.Arms[i].Condition)
		}
		step = pick(changed, step, &c)
	case *Parallel:
		c := *s
		c.Output = some(s.Output)
		step = pick(changed, step, &c)
	case *Map:
		c := *s
		c.Items, c.ConcurrencyOf = some(s.Items), some(s.ConcurrencyOf)
		if s.Distributed != nil {
			d := *s.Distributed
			c.Distributed = &d
			if d.Reader != nil {
				r := *d.Reader
				r.Bucket, r.Key, r.Prefix = some(r.Bucket), some(r.Key), some(r.Prefix)
				d.Reader = &r
			}
			if d.Writer != nil {
				w := *d.Writer
				w.Bucket, w.Prefix = some(w.Bucket), some(w.Prefix)
				d.Writer = &w
			}
		}
		step = pick(changed, step, &c)
	case *Raw:
		c := *s
		c.Input = some(s.Input)
		step = pick(changed, step, &c)
	case *Break:
		c := *s
		c.Value = some(s.Value)
		step = pick(changed, step, &c)
	case *Set:
		c := *s
		c.Value = some(s.Value)
		step = pick(changed, step, &c)
	case *Bind:
		c := *s
		c.Value = some(s.Value)
		step = pick(changed, step, &c)
	case *Fail:
		c := *s
		c.Error, c.Cause = some(s.Error), some(s.Cause)
		step = pick(changed, step, &c)
	case *Succeed:
		c := *s
		c.Value = some(s.Value)
		step = pick(changed, step, &c)
	}
	return step
}

func pick(changed bool, old, copied Step) Step {
	if changed {
		return copied
	}
	return old
}
