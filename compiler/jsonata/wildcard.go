package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A wildcardOp is *, the members' values, those that are lists flattened.
type wildcardOp struct{}

func (wildcardOp) eval(ev *evaluation, in value.Value, _ *scope) (value.Value, *Error) {
	if in.Mark()&outerMark != 0 {
		in = in.Index(0)
	}
	var b builder
	mark := sequenceMark
	add := func(v value.Value) *Error {
		if !isList(v) {
			b.push(v)
			return nil
		}
		mark = 0 // appending a list makes one, in jsonata-js
		return ev.flattenInto(&b, v, 0)
	}
	if err := ev.spend(in.Len()); err != nil {
		return value.Value{}, err
	}
	for _, m := range in.Members() {
		if err := add(m.Value); err != nil {
			return value.Value{}, err
		}
	}
	for _, item := range in.Items() {
		if err := add(item); err != nil {
			return value.Value{}, err
		}
	}
	return value.List(b.items...).WithMark(mark), ev.make(len(b.items), itemSize)
}

// flattenInto adds all that is in a list, however deep in lists it is.
func (ev *evaluation) flattenInto(b *builder, v value.Value, depth int) *Error {
	if !isList(v) {
		b.push(v)
		return nil
	}
	if depth > maxNesting {
		return overBudget(stackMessage)
	}
	if err := ev.spend(v.Len()); err != nil {
		return err
	}
	for _, item := range v.Items() {
		if err := ev.flattenInto(b, item, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// A descendantsOp is **, the value and everything in it.
type descendantsOp struct{}

func (descendantsOp) eval(ev *evaluation, in value.Value, _ *scope) (value.Value, *Error) {
	if in.IsUndefined() {
		return in, nil
	}
	var b builder
	if err := ev.descend(&b, in, 0); err != nil {
		return value.Value{}, err
	}
	if len(b.items) == 1 {
		return b.items[0], nil
	}
	return sequenceOf(b.items), ev.make(len(b.items), itemSize)
}

func (ev *evaluation) descend(b *builder, v value.Value, depth int) *Error {
	if depth > maxNesting {
		return overBudget(stackMessage)
	}
	if err := ev.spend(1); err != nil {
		return err
	}
	if !isList(v) {
		b.push(v)
	}
	for _, item := range v.Items() {
		if err := ev.descend(b, item, depth+1); err != nil {
			return err
		}
	}
	for _, m := range v.Members() {
		if err := ev.descend(b, m.Value, depth+1); err != nil {
			return err
		}
	}
	return nil
}
