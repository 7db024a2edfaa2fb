package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A list that the evaluator made of results is a sequence: where it has one
// item it is that item, and where it has none it is undefined. The marks of a
// list say that, and more.
const (
	sequenceMark uint8 = 1 << iota
	keepMark           // stay a list, even with one item
	consMark           // was constructed: not to be flattened into a sequence
	outerMark          // holds the input, which is a list
)

// maxNesting is how deep values may be nested in an evaluation. It is twice
// what a document may be.
const maxNesting = 2 * value.MaxDepth

func isList(v value.Value) bool { return v.Kind() == value.KindList }

func isSequence(v value.Value) bool { return v.Mark()&sequenceMark != 0 }

// normal makes of a sequence what it stands for.
func normal(v value.Value, keep bool) value.Value {
	mark := v.Mark()
	if mark&sequenceMark == 0 {
		return v
	}
	switch v.Len() {
	case 0:
		return value.Value{}
	case 1:
		if !keep && mark&keepMark == 0 {
			return v.Index(0)
		}
	}
	if keep {
		return v.WithMark(mark | keepMark)
	}
	return v
}

func sequenceOf(items []value.Value) value.Value {
	return value.List(items...).WithMark(sequenceMark)
}

// itemsOf returns the items of a list, or the value as the only one. The latter
// is put into buf.
func itemsOf(v value.Value, buf *[1]value.Value) []value.Value {
	if isList(v) {
		return v.Items()
	}
	buf[0] = v
	return buf[:]
}

// A builder gathers a sequence, flattening the lists that are put into it.
// While there is but one list in it, it shares that.
type builder struct {
	items  []value.Value
	shared bool
}

func (b *builder) push(v value.Value) {
	if b.shared {
		b.items = append(make([]value.Value, 0, 2*len(b.items)+4), b.items...)
		b.shared = false
	}
	b.items = append(b.items, v)
}

// concat adds the items of a list. Many lists may be one and the same, so that
// what they come to is looked after here and not in the end.
func (b *builder) concat(ev *evaluation, items []value.Value) *Error {
	if len(b.items) == 0 {
		b.items, b.shared = items, true
		return nil
	}
	if (len(b.items)+len(items))*itemSize > ev.memory {
		return overBudget(memoryMessage)
	}
	if b.shared {
		b.items = append(make([]value.Value, 0, len(b.items)+len(items)+4), b.items...)
		b.shared = false
	}
	b.items = append(b.items, items...)
	return ev.spend(len(items) / 16)
}

// appendValue is jsonata-js's append: two values as one list, either of which
// may be undefined.
func (ev *evaluation) appendValue(a, b value.Value) (value.Value, *Error) {
	if a.IsUndefined() {
		return b, nil
	}
	if b.IsUndefined() {
		return a, nil
	}
	var bufA, bufB [1]value.Value
	first, second := itemsOf(a, &bufA), itemsOf(b, &bufB)
	if err := ev.make(len(first)+len(second), itemSize); err != nil {
		return value.Value{}, err
	}
	if err := ev.spend((len(first) + len(second)) / 16); err != nil {
		return value.Value{}, err
	}
	items := make([]value.Value, 0, len(first)+len(second))
	items = append(append(items, first...), second...)
	return value.List(items...), nil
}

// lookup returns the member of an object, or those of all objects in a list as
// a sequence.
func (ev *evaluation) lookup(v value.Value, name string) (value.Value, *Error) {
	if !isList(v) {
		return v.Get(name), nil
	}
	return ev.lookupAll(v.Items(), name, 0)
}

func (ev *evaluation) lookupAll(list []value.Value, name string, depth int) (value.Value, *Error) {
	if depth > maxNesting {
		return value.Value{}, overBudget(stackMessage)
	}
	if err := ev.spend(len(list)); err != nil {
		return value.Value{}, err
	}
	var b builder
	for i := range list {
		var found value.Value
		if isList(list[i]) {
			var err *Error
			if found, err = ev.lookupAll(list[i].Items(), name, depth+1); err != nil {
				return found, err
			}
		} else {
			found = list[i].Get(name)
		}
		switch {
		case isList(found):
			if err := b.concat(ev, found.Items()); err != nil {
				return found, err
			}
		case !found.IsUndefined():
			if b.items == nil {
				b.items = make([]value.Value, 0, len(list)-i)
			}
			b.push(found)
		}
	}
	return sequenceOf(b.items), ev.make(len(b.items), itemSize)
}

// boolean is JSONata's idea of truth; ok is false for undefined.
func (ev *evaluation) boolean(v value.Value) (truth, ok bool, err *Error) {
	return ev.booleanAt(v, 0)
}

func (ev *evaluation) booleanAt(v value.Value, depth int) (truth, ok bool, err *Error) {
	switch v.Kind() {
	case value.KindUndefined:
		return false, false, nil
	case value.KindBool:
		truth, _ = v.Bool()
	case value.KindString:
		s, _ := v.Str()
		truth = s != ""
	case value.KindNumber:
		f, _, err := number(v)
		return f != 0 && f == f, true, err
	case value.KindObject:
		truth = v.Len() > 0
	case value.KindOpaque:
		f := functionOf(v)
		truth = f != nil && !f.plain
	case value.KindList:
		if depth > maxNesting {
			return false, true, overBudget(stackMessage)
		}
		if err := ev.spend(v.Len()); err != nil {
			return false, true, err
		}
		// jsonata-js looks at all the items, which may be errors.
		for _, item := range v.Items() {
			t, _, err := ev.booleanAt(item, depth+1)
			if err != nil {
				return false, true, err
			}
			truth = truth || t
		}
	}
	return truth, true, nil
}

// truthy is [evaluation.boolean] with undefined as false.
func (ev *evaluation) truthy(v value.Value) (bool, *Error) {
	if b, ok := v.Bool(); ok {
		return b, nil
	}
	b, _, err := ev.boolean(v)
	return b, err
}

// number returns a number. NaN is none, and infinity is an error.
func number(v value.Value) (f float64, ok bool, err *Error) {
	f, ok = v.Float()
	if ok && f-f != 0 { // NaN or infinite
		if f != f {
			return f, false, nil
		}
		return f, false, &Error{Code: "D1001", Value: v}
	}
	return f, ok, nil
}

// equal is [value.Equal] for values that may be nested too deep for it.
func (ev *evaluation) equal(a, b value.Value) (bool, *Error) { return ev.equalAt(a, b, 0) }

func (ev *evaluation) equalAt(a, b value.Value, depth int) (bool, *Error) {
	ka, kb := a.Kind(), b.Kind()
	if ka != kb {
		return false, nil
	}
	if s, ok := a.Str(); ok {
		if err := ev.spend(len(s) / 512); err != nil {
			return false, err
		}
	}
	if ka != value.KindList && ka != value.KindObject {
		return value.Equal(a, b), nil
	}
	if a.Len() != b.Len() {
		return false, nil
	}
	if depth > maxNesting {
		return false, overBudget(stackMessage)
	}
	if err := ev.spend(a.Len()); err != nil {
		return false, err
	}
	if ka == value.KindList {
		x, y := a.Items(), b.Items()
		for i := range x {
			if same, err := ev.equalAt(x[i], y[i], depth+1); err != nil || !same {
				return false, err
			}
		}
		return true, nil
	}
	for _, m := range a.Members() {
		other := b.Get(m.Key)
		if other.IsUndefined() {
			return false, nil
		}
		if same, err := ev.equalAt(m.Value, other, depth+1); err != nil || !same {
			return false, err
		}
	}
	return true, nil
}
