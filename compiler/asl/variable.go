package asl

import (
	"fmt"
	"maps"
	"slices"
)

// A bits is a set of variables by their numbers.
type bits []uint64

func (s bits) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }
func (s bits) add(i int)      { s[i/64] |= 1 << (i % 64) }

// merge takes the union with o, or the intersection, and reports whether that
// changed anything.
func (s bits) merge(o bits, union bool) bool {
	changed := false
	for i := range s {
		merged := s[i] & o[i]
		if union {
			merged = s[i] | o[i]
		}
		changed = changed || merged != s[i]
		s[i] = merged
	}
	return changed
}

// variables follows what is assigned through the machine.
type variables struct {
	c       *checker
	numbers map[string]int
	writers map[string][]*edge
	places  map[string]*node // of the first assignment
	read    map[string]bool
	order   []string
}

// variables checks that what is read has been assigned, and that no inner scope
// assigns what belongs to an outer one.
func (c *checker) variables(main *flow) {
	v := &variables{
		c: c, numbers: make(map[string]int), writers: make(map[string][]*edge),
		places: make(map[string]*node), read: make(map[string]bool),
	}
	v.collect(main)
	none := v.empty()
	v.flow(main, none, none, nil)
	for _, name := range v.order {
		_, function := functions[name] // what reads such a variable seems to call it
		if !v.read[name] && !function && !substituted(name) && notAVariable(name) == "" {
			c.say(v.places[name], unusedVariable, name)
			c.last.Pos = c.doc.key(v.places[name])
		}
	}
}

func (v *variables) collect(f *flow) {
	for _, s := range f.steps {
		for _, e := range s.edges {
			for _, a := range e.assigns {
				if _, known := v.numbers[a.name]; !known {
					v.numbers[a.name] = len(v.numbers)
					v.places[a.name] = a.node
					v.order = append(v.order, a.name)
				}
				v.writers[a.name] = append(v.writers[a.name], e)
			}
		}
		for _, inner := range s.flows {
			v.collect(inner)
		}
	}
}

func (v *variables) empty() bits { return make(bits, len(v.numbers)/64+1) }

func (v *variables) full() bits {
	s := v.empty()
	for i := range s {
		s[i] = ^uint64(0)
	}
	return s
}

// flow checks a flow which the variables of must have surely reached, and those
// of may perhaps. outer has those that belong to the flows around it.
func (v *variables) flow(f *flow, must, may bits, outer map[string]*node) {
	musts, mays := v.solve(f, must, may)
	own := maps.Clone(outer)
	if own == nil {
		own = make(map[string]*node)
	}
	for _, s := range f.steps {
		for _, e := range s.edges {
			for _, a := range e.assigns {
				if by := outer[a.name]; by != nil && must.has(v.numbers[a.name]) {
					v.c.say(a.node, outerVariable, a.name)
					v.c.last.Pos = v.c.doc.key(a.node)
					v.c.see(by, "assigned in the outer scope")
				} else if own[a.name] == nil {
					own[a.name] = a.node
				}
			}
		}
	}
	for _, s := range f.steps {
		v.reads(s, musts[s], mays[s])
		for _, inner := range s.flows {
			if inner.distributed {
				v.flow(inner, v.empty(), v.empty(), nil)
				continue
			}
			v.flow(inner, musts[s], mays[s], own)
		}
	}
}

// solve finds which variables are assigned when each state is entered: on all
// ways to it, and on some.
func (v *variables) solve(f *flow, must, may bits) (musts, mays map[*step]bits) {
	musts, mays = make(map[*step]bits), make(map[*step]bits)
	if f.open { // anything may lead anywhere
		all := slices.Clone(may)
		for _, s := range f.steps {
			for _, e := range s.edges {
				v.assign(all, e)
			}
		}
		for _, s := range f.steps {
			musts[s], mays[s] = v.full(), all
		}
		return musts, mays
	}
	var todo []*step
	arrive := func(s *step, must, may bits) {
		if s == nil {
			return
		}
		if musts[s] == nil {
			musts[s], mays[s] = slices.Clone(must), slices.Clone(may)
		} else if less, more := musts[s].merge(must, false), mays[s].merge(may, true); !less && !more {
			return
		}
		todo = append(todo, s)
	}
	arrive(f.entry.to, must, may)
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		for _, e := range s.edges {
			surely, perhaps := musts[s], mays[s]
			if len(e.assigns) > 0 {
				surely, perhaps = slices.Clone(surely), slices.Clone(perhaps)
				v.assign(surely, e)
				v.assign(perhaps, e)
			}
			arrive(e.to, surely, perhaps)
		}
	}
	for _, s := range f.steps {
		if musts[s] == nil { // no way leads here, which has been said
			musts[s], mays[s] = v.full(), v.full()
		}
	}
	return musts, mays
}

func (v *variables) assign(s bits, e *edge) {
	for _, a := range e.assigns {
		s.add(v.numbers[a.name])
	}
}

// reads checks the variables that a state reads.
func (v *variables) reads(s *step, must, may bits) {
	reported := make(map[string]bool)
	for _, r := range s.reads {
		i, assigned := v.numbers[r.name]
		v.read[r.name] = true
		switch {
		case reported[r.name] || r.guarded || r.name == "eval": // which is refused
			continue
		case !assigned && r.called:
			v.c.say(r.node, unknownFunction, r.name, "")
			if near := closest(r.name, functionNames()); near != "" {
				v.c.fix("did you mean $%s?", near)
			}
		case !assigned || !may.has(i):
			v.unknown(s, r)
		case !must.has(i):
			v.c.say(r.node, maybeUnassigned, r.name)
			v.c.see(v.writers[r.name][0].from.node, "assigned on the way through this state")
		default:
			continue
		}
		reported[r.name] = true
	}
}

// unknown explains why there is no such variable where it is read.
func (v *variables) unknown(s *step, r read) {
	writers := v.writers[r.name]
	if writers == nil {
		v.c.say(r.node, unknownVariable, r.name, "")
		if near := closest(r.name, v.order); near != "" {
			v.c.fix("did you mean $%s?", near)
		}
		return
	}
	by := writers[0].from
	why := fmt.Sprintf(" before here: %q, which does, does not lead here", by.name)
	switch {
	case by == s:
		why = " before here: what a state assigns is there only after it"
	case inside(s.in) != nil && inside(s.in) != inside(by.in):
		why = fmt.Sprintf(" before here: the children of a distributed Map state do not see what %q assigns", by.name)
	case by.in != s.in:
		why = fmt.Sprintf(" before here: %q, which does, is in another scope", by.name)
	}
	v.c.say(r.node, unknownVariable, r.name, why)
	if inside(s.in) != nil && inside(s.in) != inside(by.in) {
		v.c.fix("pass the value with the ItemSelector of %q", inside(s.in).outer.name)
	}
	v.c.see(by.node, "assigned here")
}

// inside returns the flow of the distributed Map state that a flow is in.
func inside(f *flow) *flow {
	for ; f != nil && !f.distributed; f = f.outer.in {
		if f.outer == nil {
			return nil
		}
	}
	return f
}
