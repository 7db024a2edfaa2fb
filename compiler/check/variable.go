package check

import (
	"maps"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A version is one value that a variable may hold: each Set makes one, and so
// does each place where ways with different versions meet.
type version struct {
	pos spec.Pos // of the Set, or of one of the Sets that meet
}

// held says which version each variable holds at one place of the workflow; nil
// is a place that no way leads to.
type held map[*spec.Source]*version

// reading checks that a variable still holds what Get gave wherever that value
// is used. A workflow variable is one place in memory: an expression that reads
// it sees what it holds by then, not what it held at the Get.
type reading struct {
	*checker
	gets   map[int]*version // what each Get saw
	origin map[int]spec.Pos // of each Get
	loops  map[int]*loop
	tries  []*attempt // around the place, innermost last
	silent int        // passes that only find out what a loop changes
}

type loop struct{ breaks, turns []held }

type attempt struct {
	all    bool // no error gets past its catchers
	failed []held
}

func (c *checker) variables() {
	r := &reading{checker: c, gets: make(map[int]*version), origin: make(map[int]spec.Pos), loops: make(map[int]*loop)}
	r.block(c.workflow.Body, held{})
}

// block follows a block from what is held before it to what is held behind it.
func (r *reading) block(b *spec.Block, now held) held {
	for _, step := range b.Steps {
		if now == nil {
			return nil
		}
		now = r.step(step, now)
	}
	if now != nil {
		r.use(b.Result, now, spec.Pos{})
	}
	return now
}

func (r *reading) step(step spec.Step, now held) held {
	spec.EveryExpr(step, func(x *spec.Expr) { r.use(x, now, step.Head().Pos) })
	switch s := step.(type) {
	case *spec.Set:
		now = maps.Clone(now)
		now[s.Variable] = &version{s.Pos}
	case *spec.Get:
		r.gets[s.ID], r.origin[s.ID] = now[s.Variable], s.Pos
	case *spec.Choice:
		return r.choice(s, now)
	case *spec.Call, *spec.Raw:
		r.fails(now)
	case *spec.Parallel, *spec.Map:
		r.fails(now)
		spec.EveryBlock(step, func(b *spec.Block) { r.inside(b, now) })
	case *spec.Repeat:
		return r.repeat(s, now)
	case *spec.Try:
		return r.try(s, now)
	case *spec.Finally:
		return r.finally(s, now)
	case *spec.Break:
		r.loops[s.Loop].breaks = append(r.loops[s.Loop].breaks, now)
		return nil
	case *spec.Continue:
		r.loops[s.Loop].turns = append(r.loops[s.Loop].turns, now)
		return nil
	case *spec.Fail, *spec.Succeed:
		return nil
	}
	return now
}

func (r *reading) choice(s *spec.Choice, now held) held {
	var ways []held
	for _, arm := range s.Arms {
		ways = append(ways, r.block(arm.Body, now))
	}
	if s.Default == nil {
		return join(append(ways, now))
	}
	return join(append(ways, r.block(s.Default, now)))
}

// inside follows a branch or an iteration, whose errors no Try around it sees
// but through the state that holds it.
func (r *reading) inside(b *spec.Block, now held) {
	tries := r.tries
	r.tries = nil
	r.block(b, now)
	r.tries = tries
}

// repeat follows a loop twice: the first time tells what a turn changes.
func (r *reading) repeat(s *spec.Repeat, now held) held {
	l := new(loop)
	r.loops[s.Loop] = l
	r.silent++
	turn := r.block(s.Body, now)
	r.silent--
	head := join(append(l.turns, turn, now))
	*l = loop{}
	r.block(s.Body, head)
	return join(l.breaks)
}

func (r *reading) try(s *spec.Try, now held) held {
	a := new(attempt)
	for _, c := range s.Catchers {
		a.all = a.all || slices.Contains(c.Errors, "States.ALL")
	}
	r.tries = append(r.tries, a)
	ways := []held{r.block(s.Body, now)}
	r.tries = r.tries[:len(r.tries)-1]
	caught := join(a.failed)
	for _, c := range s.Catchers {
		if caught != nil {
			ways = append(ways, r.block(c.Body, caught))
		}
	}
	return join(ways)
}

// finally follows the cleanup from wherever the body may have come to.
func (r *reading) finally(s *spec.Finally, now held) held {
	a := &attempt{all: true}
	r.tries = append(r.tries, a)
	well := r.block(s.Body, now)
	r.tries = r.tries[:len(r.tries)-1]
	before := join(append(a.failed, well))
	if before == nil {
		return nil
	}
	return r.block(s.Cleanup, before)
}

// fails notes what is held when a state fails, for the catchers around it.
func (r *reading) fails(now held) {
	for _, a := range slices.Backward(r.tries) {
		a.failed = append(a.failed, now)
		if a.all {
			return
		}
	}
}

// join is what is held where several ways meet.
func join(ways []held) held {
	var joined held
	for _, way := range ways {
		switch {
		case way == nil:
		case joined == nil:
			joined = maps.Clone(way)
		default:
			for variable, v := range way {
				if old := joined[variable]; old != nil && old != v {
					joined[variable] = &version{later(old.pos, v.pos)}
				}
			}
		}
	}
	return joined
}

// later is the position to show of two Sets that meet.
func later(a, b spec.Pos) spec.Pos {
	if a.File == b.File && a.Line > b.Line {
		return a
	}
	return b
}

// use checks the variables that an expression reads. at is the place of the use,
// for expressions that have none of their own.
func (r *reading) use(x *spec.Expr, now held, at spec.Pos) {
	switch {
	case x == nil || r.silent > 0:
		return
	case x.Op == spec.OpRef && x.Source.Kind == spec.FromVariable:
		v := now[x.Source]
		if seen, ok := r.gets[x.Get]; ok && seen != v && v != nil {
			r.stale(x, v, at)
		}
	case x.Op != spec.OpStruct && x.Pos.IsValid():
		at = x.Pos
	}
	for _, arg := range x.Args {
		r.use(arg, now, at)
	}
}

func (r *reading) stale(x *spec.Expr, v *version, at spec.Pos) {
	d := diag.Diagnostic{
		Code: "STALE_VALUE", Pos: position(at),
		Message: "the variable \"" + x.Source.Name + "\" may have been set since its value, which is used here, was read",
		Fix:     "call Get where the value is used, or keep the old value in a dsl.Var of its own",
		Related: []diag.Related{{Message: "set here", Pos: position(v.pos)}},
	}
	if read := position(r.origin[x.Get]); at.IsValid() {
		d.Related = append([]diag.Related{{Message: "read here", Pos: read}}, d.Related...)
	} else { // a function's result as it stands
		d.Pos, d.Message = read, "the variable \""+x.Source.Name+"\" may have been set since its value, which is a result, was read here"
	}
	r.add(d)
}
