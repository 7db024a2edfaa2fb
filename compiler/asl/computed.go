package asl

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

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
		return itemShapes(n, func(item *node) *shape { return i.template(item, input) })
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
		inside, dynamic := delimited(n.text)
		switch f := i.c.formulas[inside]; {
		case n.open() || dynamic && (f == nil || f.err != nil):
			return nil
		case dynamic:
			return computed(f.Root(), st)
		}
		return scalar(value.KindString)
	case value.KindObject:
		s := &shape{kind: value.KindObject}
		for _, kid := range n.members() {
			s.fields = append(s.fields, shapeField{kid.key, i.expression(kid, st)})
			s.open = s.open || substituted(kid.key)
		}
		return s
	}
	if n.kind == value.KindList {
		return itemShapes(n, func(item *node) *shape { return i.expression(item, st) })
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
