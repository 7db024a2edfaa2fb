package asl

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// patience is how often a state is looked at before its input counts as unknown.
const patience = 24

// An inference follows the shapes of data through the states.
type inference struct {
	c      *checker
	inputs map[*step]*shape
	visits map[*step]int
	todo   []*step
	// variables has the shapes of all that is assigned to a variable, by the order
	// of states and not by that of the execution.
	variables map[string]*shape
	reached   []*step
}

// data follows what is known of the data, and reports what looks for fields that
// there are not.
func (c *checker) data(main *flow) {
	i := &inference{c: c, inputs: make(map[*step]*shape), visits: make(map[*step]int), variables: make(map[string]*shape)}
	i.flow(main, nil)
	for _, s := range i.reached {
		for _, r := range s.reads {
			if !r.guarded {
				i.look(r.look, i.variables[r.name], s.language)
			}
		}
	}
}

// flow follows a flow from its input.
func (i *inference) flow(f *flow, input *shape) {
	if f.entry.to == nil || f.open {
		for _, s := range f.steps {
			for _, e := range s.edges {
				for _, a := range e.assigns {
					i.variables[a.name] = nil
				}
			}
			for _, inner := range s.flows {
				i.flow(inner, nil)
			}
		}
		return
	}
	i.arrive(f.entry.to, input)
	for len(i.todo) > 0 {
		s := i.todo[0]
		i.todo = i.todo[1:]
		i.leave(s)
	}
	for _, s := range f.steps {
		input, reached := i.inputs[s]
		if !reached {
			continue
		}
		st := i.stages(s, input)
		i.reached = append(i.reached, s)
		i.report(s, st)
		i.assigned(s, st)
		for _, inner := range s.flows {
			i.flow(inner, i.inner(s, inner, st))
		}
	}
}

// arrive joins what comes to a state.
func (i *inference) arrive(s *step, input *shape) {
	if s == nil {
		return
	}
	old, known := i.inputs[s]
	joined := cut(input, deepest)
	if known {
		joined = join(old, joined)
		if sameShape(old, joined) {
			return
		}
	}
	if i.visits[s]++; i.visits[s] > patience {
		joined = nil
	}
	i.inputs[s] = joined
	i.todo = append(i.todo, s)
}

// stages are the data of a state at the points of its course.
type stages [noStage]*shape

// leave sends what a state puts out to the states that follow.
func (i *inference) leave(s *step) {
	st := i.stages(s, i.inputs[s])
	for _, e := range s.edges {
		if e.to == nil {
			continue
		}
		i.arrive(e.to, i.output(s, e, st))
	}
}

func (i *inference) stages(s *step, input *shape) stages {
	var st stages
	st[rawInput], st[contextObject] = input, contextShape
	if s.language == JSONata {
		st[effectiveInput] = input
		st[taskResult] = i.result(s, st)
		return st
	}
	st[effectiveInput] = i.through(s.node.get("InputPath"), input)
	result := i.result(s, st)
	st[taskResult] = result
	if selector := s.node.get("ResultSelector"); selector != nil {
		result = i.template(selector, result)
	}
	switch s.typ {
	case TypeWait, TypeChoice, TypeSucceed:
		st[beforeOutput] = st[effectiveInput]
	default:
		st[beforeOutput] = i.placed(s.node.get("ResultPath"), input, result)
	}
	return st
}

// through applies InputPath or OutputPath.
func (i *inference) through(n *node, s *shape) *shape {
	if n == nil {
		return s
	}
	if n.kind == value.KindNull {
		return &shape{kind: value.KindObject}
	}
	steps, ok := inputSteps(n)
	if !ok {
		return nil
	}
	return s.at(steps)
}

// placed applies ResultPath.
func (i *inference) placed(n *node, input, result *shape) *shape {
	if n == nil {
		return result
	}
	if n.kind == value.KindNull {
		return input
	}
	steps, ok := inputSteps(n)
	if !ok {
		return nil
	}
	return input.insert(steps, result)
}

func inputSteps(n *node) ([]string, bool) {
	s, ok := n.str()
	if !ok || n.open() {
		return nil, false
	}
	p, err := jsonpath.Compile(s)
	if err != nil || p.Root() != jsonpath.InputRoot {
		return nil, false
	}
	return pathSteps(p)
}

// result is what a state's work comes to.
func (i *inference) result(s *step, st stages) *shape {
	switch s.typ {
	case TypePass:
		if s.language == JSONata {
			return nil
		}
		if n := s.node.get("Result"); n != nil {
			return literalShape(n)
		}
		if n := s.node.get("Parameters"); n != nil {
			return i.template(n, st[effectiveInput])
		}
		return st[effectiveInput]
	case TypeTask:
		arn, _ := resourceOf(s.node.get("Resource"))
		_, name, _ := strings.Cut(arn, ":states:::")
		return resultShapes[name]
	case TypeParallel:
		return listShape(nil)
	case TypeMap:
		if s.node.has("ResultWriter") {
			return nil
		}
		return listShape(nil)
	}
	return nil
}

// output is what a state puts out on an edge.
func (i *inference) output(s *step, e *edge, st stages) *shape {
	out := e.holder.get("Output")
	switch {
	case s.language == JSONata && out != nil:
		return i.expression(out, st)
	case e.kind == catchEdge && s.language == JSONata:
		return caughtShape
	case e.kind == catchEdge:
		return i.placed(e.holder.get("ResultPath"), st[rawInput], caughtShape)
	case s.language == JSONPath:
		return i.through(s.node.get("OutputPath"), st[beforeOutput])
	}
	switch s.typ {
	case TypeTask, TypeParallel, TypeMap:
		return st[taskResult]
	}
	return st[rawInput]
}

// inner is the input of a flow within a state.
func (i *inference) inner(s *step, f *flow, st stages) *shape {
	if s.typ == TypeParallel {
		switch n := s.payloadOf(); {
		case n == nil:
			return st[effectiveInput]
		case s.language == JSONata:
			return i.expression(n, st)
		default:
			return i.template(n, st[effectiveInput])
		}
	}
	if s.node.has("ItemBatcher") {
		return foreignShape("Items", "BatchInput")
	}
	selector := s.node.get("ItemSelector")
	if selector == nil && s.language == JSONPath {
		selector = s.node.get("Parameters")
	}
	switch {
	case selector != nil && s.language == JSONata:
		return i.expression(selector, st)
	case selector != nil:
		return i.template(selector, st[effectiveInput])
	case s.node.has("ItemReader") || s.language == JSONata:
		return nil
	}
	list := i.through(s.node.get("ItemsPath"), st[effectiveInput])
	if list == nil || list.kind != value.KindList {
		return nil
	}
	return list.item
}
