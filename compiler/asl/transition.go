package asl

// transitions resolves the transitions of a flow and of those nested in it, and
// checks that they lead somewhere and everywhere.
func (c *checker) transitions(f *flow) {
	c.resolve(f, &f.entry)
	for _, s := range f.steps {
		for _, e := range s.edges {
			c.resolve(f, e)
		}
	}
	if f.entry.to != nil && !f.open {
		c.reach(f)
	}
	for _, s := range f.steps {
		for _, inner := range s.flows {
			c.transitions(inner)
		}
	}
}

// resolve finds the state that an edge leads to, which must be one of the same
// flow.
func (c *checker) resolve(f *flow, e *edge) {
	if e.target == nil {
		return
	}
	name := textOf(e.target)
	if e.to = f.named[name]; e.to != nil || e.target.open() {
		return
	}
	f.open = true
	if len(f.steps) == 0 { // which has been said
		return
	}
	c.say(e.target, missingTarget, name)
	if c.names[name] != nil {
		c.fix("%q is in another flow; transitions stay within their own States", name)
		c.see(c.names[name], "the state of that name")
		return
	}
	if near := closest(name, f.names()); near != "" {
		c.fix("did you mean %q?", near)
	}
}

// names returns the names of the states, of a flow that is not too large to look
// for one that was meant.
func (f *flow) names() []string {
	if len(f.steps) > mostNames {
		return nil
	}
	names := make([]string, len(f.steps))
	for i, s := range f.steps {
		names[i] = s.name
	}
	return names
}

// ends reports whether a state ends its flow, or is so wrong that it may.
func (s *step) ends() bool {
	switch s.typ {
	case TypeChoice:
		return false
	case TypeSucceed, TypeFail:
		return true
	}
	return s.edges[0].target == nil
}

// reach checks that a flow can end, and that all its states are used. AWS does
// not look for unused states where no end can be reached.
func (c *checker) reach(f *flow) {
	reached := make(map[*step]bool, len(f.steps))
	walk(f.entry.to, reached, func(s *step) []*step {
		var to []*step
		for _, e := range s.edges {
			to = append(to, e.to)
		}
		return to
	})
	before := make(map[*step][]*step, len(f.steps))
	finishing := make(map[*step]bool, len(f.steps))
	var last []*step
	for _, s := range f.steps {
		if !reached[s] {
			continue
		}
		for _, e := range s.edges {
			if e.to != nil {
				before[e.to] = append(before[e.to], s)
			}
		}
		if s.ends() {
			last = append(last, s)
		}
	}
	if len(last) == 0 {
		c.sayAt(nil, f.entry.target, noEnd, f.entry.to.name)
		return
	}
	for _, s := range last {
		walk(s, finishing, func(s *step) []*step { return before[s] })
	}
	warned := false
	for _, s := range f.steps {
		switch {
		case !reached[s]:
			c.say(s.node, unreachable, s.name)
		case !finishing[s] && !warned:
			c.say(s.node, endless, s.name)
			warned = true
		}
	}
}

// walk marks all that can be reached from a state.
func walk(from *step, seen map[*step]bool, to func(*step) []*step) {
	stack := []*step{from}
	for len(stack) > 0 {
		s := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if s == nil || seen[s] {
			continue
		}
		seen[s] = true
		stack = append(stack, to(s)...)
	}
}
