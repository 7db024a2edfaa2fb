package asl

import (
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
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
}

// data follows what is known of the data, and reports what looks for fields that
// there are not.
func (c *checker) data(main *flow) {
	i := &inference{c: c, inputs: make(map[*step]*shape), visits: make(map[*step]int)}
	i.flow(main, nil)
}

// flow follows a flow from its input.
func (i *inference) flow(f *flow, input *shape) {
	if f.entry.to == nil || f.open {
		for _, s := range f.steps {
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
		i.report(s, st)
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

// template is the shape of a payload template of JSONPath.
func (i *inference) template(n *node, input *shape) *shape {
	if n.open() || len(n.kids) > widest {
		return nil
	}
	switch n.kind {
	case value.KindObject:
		s := &shape{kind: value.KindObject}
		for _, kid := range n.members() {
			name, dynamic := strings.CutSuffix(kid.key, ".$")
			of := (*shape)(nil)
			if dynamic {
				of = i.evaluated(kid, input)
			} else {
				of = i.template(kid, input)
			}
			s.open = s.open || substituted(name)
			s.fields = append(s.fields, shapeField{name, of})
		}
		return s
	case value.KindList:
		var item *shape
		for k, kid := range n.kids {
			if of := i.template(kid, input); k == 0 {
				item = of
			} else {
				item = join(item, of)
			}
		}
		return listShape(item)
	}
	return scalar(n.kind)
}

func (i *inference) evaluated(n *node, input *shape) *shape {
	if steps, ok := inputSteps(n); ok {
		return input.at(steps)
	}
	e, err := intrinsic.CompileDynamic(n.text)
	if err != nil || n.open() {
		return nil
	}
	switch e := e.(type) {
	case *jsonpath.Path:
		if e.Root() == jsonpath.InputRoot && !e.Definite() {
			return listShape(nil)
		}
	case *intrinsic.Call:
		switch e.Function() {
		case "States.Format", "States.JsonToString", "States.UUID", "States.Hash", "States.Base64Encode", "States.Base64Decode":
			return scalar(value.KindString)
		case "States.MathAdd", "States.MathRandom", "States.ArrayLength":
			return scalar(value.KindNumber)
		}
	}
	return nil
}

// expression is the shape of a value with JSONata strings in it.
func (i *inference) expression(n *node, st stages) *shape {
	if n.function() || len(n.kids) > widest {
		return nil
	}
	switch n.kind {
	case value.KindString:
		x := i.c.expressions[n]
		if x == nil {
			if _, dynamic := delimited(n.text); dynamic || n.open() {
				return nil
			}
			return scalar(value.KindString)
		}
		return computed(x.Root(), st)
	case value.KindObject:
		s := &shape{kind: value.KindObject}
		for _, kid := range n.members() {
			s.fields = append(s.fields, shapeField{kid.key, i.expression(kid, st)})
			s.open = s.open || substituted(kid.key)
		}
		return s
	}
	if n.kind == value.KindList {
		return listShape(nil)
	}
	return literalShape(n)
}

// computed is the shape of what an expression gives.
func computed(n jsonata.Node, st stages) *shape {
	switch n := n.(type) {
	case *jsonata.Literal:
		return scalar(n.Value.Kind())
	case *jsonata.Object:
		s := &shape{kind: value.KindObject}
		for _, p := range n.Pairs {
			key, ok := p.Key.(*jsonata.Literal)
			if !ok {
				return nil
			}
			name, ok := key.Value.Str()
			if !ok {
				return nil
			}
			s = s.with(name, computed(p.Value, st))
		}
		return s
	case *jsonata.Condition:
		if n.Else == nil {
			return nil
		}
		return join(computed(n.Then, st), computed(n.Else, st))
	case *jsonata.Block:
		if len(n.Items) == 1 {
			return computed(n.Items[0], st)
		}
	case *jsonata.Binary:
		return walked(n, st)
	case *jsonata.Call:
		return merged(n, st)
	}
	return nil
}

// merged is the shape of $merge([…]).
func merged(n *jsonata.Call, st stages) *shape {
	f, ok := n.Function.(*jsonata.Variable)
	if !ok || f.Name != "merge" || len(n.Arguments) != 1 {
		return nil
	}
	list, ok := n.Arguments[0].(*jsonata.Array)
	if !ok {
		return nil
	}
	all := &shape{kind: value.KindObject}
	for _, item := range list.Items {
		part := computed(item, st)
		if part == nil || part.kind != value.KindObject {
			return nil
		}
		all.open, all.foreign = all.open || part.open, all.foreign || part.foreign
		for _, field := range part.fields {
			all = all.with(field.name, field.of)
		}
	}
	return all
}

// walked is the shape behind $states.input.a.b and $states.result.a.b.
func walked(n *jsonata.Binary, st stages) *shape {
	var steps []string
	for at := jsonata.Node(n); ; {
		switch part := at.(type) {
		case *jsonata.Binary:
			name, ok := part.Right.(*jsonata.Name)
			if part.Operator != "." || !ok {
				return nil
			}
			steps = append([]string{name.Value}, steps...)
			at = part.Left
			continue
		case *jsonata.Variable:
			if part.Name != "states" || len(steps) == 0 {
				return nil
			}
		default:
			return nil
		}
		break
	}
	var from *shape
	switch steps[0] {
	case "input":
		from = st[rawInput]
	case "result":
		from = st[taskResult]
	case "errorOutput":
		from = caughtShape
	}
	found, _, _ := from.lookup(steps[1:], JSONata)
	return found
}

// report looks for what reads fields that there are not.
func (i *inference) report(s *step, st stages) {
	for _, l := range s.looks {
		_, within, missing := st[l.at].lookup(l.steps, s.language)
		if missing < 0 {
			continue
		}
		step := l.steps[missing]
		what := noSuchField
		if !l.fails || within.foreign {
			what = maybeNoSuchField
		}
		i.c.say(l.node, what, l.path, describeData(within, step))
		var names []string
		for _, f := range within.fields {
			names = append(names, f.name)
		}
		if near := closest(step, names); near != "" {
			i.c.fix("did you mean %s?", strings.Replace(l.path, step, near, 1))
		}
	}
}

func describeData(s *shape, step string) string {
	if step == indexStep {
		step = "an item"
	}
	if s.kind != value.KindObject {
		return fmt.Sprintf("there is a value of type %s, which has no %s", s.kind, step)
	}
	if len(s.fields) == 0 {
		return fmt.Sprintf("there is an object without fields, which has no %s", step)
	}
	var names []string
	for k, f := range s.fields {
		if k == 6 {
			names = append(names, "…")
			break
		}
		names = append(names, f.name)
	}
	return fmt.Sprintf("the data there has %s, but no %s", strings.Join(names, ", "), step)
}

// losses reports catchers that throw away the input which the states behind them
// look for.
func (c *checker) losses(f *flow) {
	for _, s := range f.steps {
		for _, e := range s.edges {
			if e.kind == catchEdge && s.language == JSONPath && e.to != nil && !e.holder.has("ResultPath") && e.to.wantsInput() {
				c.say(e.holder, lostInput, s.name)
			}
		}
		for _, inner := range s.flows {
			c.losses(inner)
		}
	}
}

// wantsInput reports whether a state looks at its input and not at an error.
func (s *step) wantsInput() bool {
	if s.language != JSONPath {
		return false
	}
	wants := false
	for _, l := range s.looks {
		if l.at == taskResult || l.at == beforeOutput || l.at == contextObject {
			continue
		}
		if len(l.steps) > 0 && (l.steps[0] == "Error" || l.steps[0] == "Cause") {
			return false
		}
		wants = true
	}
	return wants
}
