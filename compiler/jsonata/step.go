package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// path makes a path of a step. Paths prepare themselves in the end.
func (p *planner) path(step *unit) *unit {
	op := &path{steps: []*unit{step}}
	u := &unit{kind: pathUnit, kindName: "path", op: op, steps: op}
	p.paths = append(p.paths, u)
	return u
}

// last returns the step that what follows a path belongs to, or the unit itself
// when it is no path.
func (u *unit) last() *unit {
	if u.kind == pathUnit {
		return u.steps.steps[len(u.steps.steps)-1]
	}
	return u
}

func (p *planner) parent() *unit {
	s := &slot{label: "!" + string(value.AppendFloat(nil, float64(p.slots))), level: 1}
	p.slots++
	return &unit{kind: parentUnit, kindName: "parent", op: &parentOp{s}, slot: s}
}

// keep marks a step, and the path that it is, to keep single values as arrays.
func (p *planner) keep(n *Keep) (*unit, *Error) {
	u, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if _, ok := n.Operand.(*Name); ok {
		u.last().keepArray = true
		u.steps.keep = true
	}
	if _, ok := n.Operand.(*Focus); ok {
		u.last().keepArray = true
	}
	u.keepArray = true
	return u, nil
}

// dot joins two operands to a path.
func (p *planner) dot(n *Binary) (*unit, *Error) {
	result, err := p.unit(n.Left)
	if err != nil {
		return nil, err
	}
	if result.kind != pathUnit {
		first := result
		result = p.path(first)
		if first.kind == parentUnit {
			result.seeking = []*slot{first.slot}
		}
	}
	rest, err := p.unit(n.Right)
	if err != nil {
		return nil, err
	}
	steps := result.steps
	if rest.kind == pathUnit {
		steps.steps = append(steps.steps, rest.steps.steps...)
	} else {
		if rest.predicates != nil {
			rest.stages, rest.predicates = rest.predicates, nil
			rest.finish()
		}
		steps.steps = append(steps.steps, rest)
	}
	for _, step := range steps.steps {
		if step.kind == literalUnit {
			name, ok := step.value.Str()
			if !ok {
				return nil, &Error{Code: "S0213", Position: step.position, Value: step.value}
			}
			step.kind, step.kindName, step.name, step.op, step.sequences = nameUnit, "name", name, &nameOp{name}, true
			step.finish()
		}
		steps.keep = steps.keep || step.keepArray
	}
	if first := steps.steps[0]; first.kind == arrayUnit {
		first.consArray = true
	}
	if last := result.last(); last.kind == arrayUnit {
		last.consArray = true
	}
	return result, result.resolve()
}

func (p *planner) filter(n *Filter) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	step := result.last()
	if step.group != nil {
		return nil, &Error{Code: "S0209", Position: n.Position()}
	}
	predicate, err := p.unit(n.Predicate)
	if err != nil {
		return nil, err
	}
	for _, s := range predicate.seeking {
		if s.level == 1 {
			if err := step.find(s); err != nil {
				return nil, err
			}
		} else {
			s.level--
		}
	}
	if predicate.seeking != nil {
		step.seek(predicate)
	}
	if result.kind == pathUnit {
		step.stages = append(step.stages, stage{predicate: predicate})
	} else {
		step.predicates = append(step.predicates, stage{predicate: predicate})
		step.finish()
	}
	return result, nil
}

func (p *planner) group(n *Group) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if result.group != nil {
		return nil, &Error{Code: "S0210", Position: n.Position()}
	}
	g := &grouping{position: n.Position()}
	if g.pairs, err = p.pairs(n.Pairs, nil); err != nil {
		return nil, err
	}
	g.settle()
	result.group = g
	if result.kind == pathUnit {
		result.steps.group = g
	}
	result.finish()
	return result, nil
}

// pairs plans pairs. What they seek is sought by u, if it is given.
func (p *planner) pairs(pairs []Pair, u *unit) ([]pair, *Error) {
	units := make([]pair, len(pairs))
	for i, n := range pairs {
		key, err := p.unit(n.Key)
		if err != nil {
			return nil, err
		}
		v, err := p.unit(n.Value)
		if err != nil {
			return nil, err
		}
		if u != nil {
			u.seek(key)
			u.seek(v)
		}
		units[i] = pair{key, v}
	}
	return units, nil
}

func (p *planner) sort(n *Sort) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if result.kind != pathUnit {
		result = p.path(result)
	}
	op := &sorting{position: n.Position()}
	step := &unit{kind: sortUnit, kindName: "sort", op: op, position: n.Position()}
	for _, term := range n.Terms {
		key, err := p.unit(term.Key)
		if err != nil {
			return nil, err
		}
		step.seek(key)
		op.terms = append(op.terms, sortTerm{key, term.Descending})
	}
	result.steps.steps = append(result.steps.steps, step)
	return result, result.resolve()
}

func (p *planner) focus(n *Focus) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	step := result.last()
	if step.stages != nil || step.predicates != nil {
		return nil, &Error{Code: "S0215", Position: n.Position()}
	}
	if step.kind == sortUnit {
		return nil, &Error{Code: "S0216", Position: n.Position()}
	}
	step.focus = n.Variable.Name
	step.tuple = true
	return result, nil
}

func (p *planner) index(n *Index) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	step := result.last()
	if result.kind != pathUnit {
		if step.predicates != nil {
			step.stages, step.predicates = step.predicates, nil
			step.finish()
		}
		result = p.path(step)
	}
	if step.stages == nil {
		step.index = n.Variable.Name
	} else {
		step.stages = append(step.stages, stage{index: n.Variable.Name})
	}
	step.tuple = true
	return result, nil
}
