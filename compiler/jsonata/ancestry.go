package jsonata

// seek hands the parents that a part seeks on to the unit that it is part of.
func (u *unit) seek(part *unit) {
	if part.seeking == nil && part.kind != parentUnit {
		return
	}
	slots := part.seeking
	if part.kind == parentUnit {
		slots = append(slots, part.slot)
	}
	u.seeking = append(u.seeking, slots...)
}

// find looks for the step whose context value a slot stands for, from u
// backwards, and makes it carry the value along.
func (u *unit) find(s *slot) *Error {
	switch u.kind {
	case nameUnit, wildcardUnit:
		s.level--
		if s.level == 0 {
			if u.ancestor != nil {
				s.label = u.ancestor.label
			}
			u.ancestor = s
			u.tuple = true
		}
	case parentUnit:
		s.level++
	case blockUnit:
		if n := len(u.items); n > 0 {
			u.tuple = true
			return u.items[n-1].find(s)
		}
	case pathUnit:
		u.tuple = true
		steps := u.steps.steps
		i := len(steps) - 1
		if err := steps[i].find(s); err != nil {
			return err
		}
		for i--; s.level > 0 && i >= 0; i-- {
			if err := steps[i].find(s); err != nil {
				return err
			}
		}
	default:
		return failAt("S0217", u.position, u.kindName)
	}
	return nil
}

// resolve looks for the parents that the last step of a path seeks, among the
// steps before it.
func (u *unit) resolve() *Error {
	steps := u.steps.steps
	last := steps[len(steps)-1]
	slots := last.seeking
	if last.kind == parentUnit {
		slots = append(slots, last.slot)
	}
	for _, s := range slots {
		for i := len(steps) - 2; s.level > 0; {
			if i < 0 {
				u.seeking = append(u.seeking, s)
				break
			}
			step := steps[i]
			i--
			// Steps that bind the focus share their context value.
			for i >= 0 && step.focus != "" && steps[i].focus != "" {
				step = steps[i]
				i--
			}
			if err := step.find(s); err != nil {
				return err
			}
		}
	}
	return nil
}
