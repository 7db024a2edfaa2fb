package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A sorting is an order-by clause.
type sorting struct {
	terms    []sortTerm
	position int
}

type sortTerm struct {
	key        *unit
	descending bool
}

func (op *sorting) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	return value.Value{}, nil // a step, which evalStep knows
}

// evalSort sorts the items that a path has come to.
func (u *unit) evalSort(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	op := u.op.(*sorting)
	items := in.Items()
	order, err := op.order(ev, len(items), func(i int) (value.Value, *scope) { return items[i], sc })
	if err != nil {
		return in, err
	}
	v := in
	if len(items) > 1 {
		sorted := make([]value.Value, len(items))
		for to, from := range order {
			sorted[to] = items[from]
		}
		v = value.List(sorted...)
	}
	for _, s := range u.stages {
		if v, err = ev.filter(s.predicate, v, sc); err != nil {
			return v, err
		}
	}
	return v, nil
}

// sortTuples sorts the tuples, or the items to make tuples of.
func (u *unit) sortTuples(ev *evaluation, items []value.Value, s *stream, sc *scope) (*stream, *Error) {
	op := u.op.(*sorting)
	var order []int
	var err *Error
	out := &stream{}
	if s != nil {
		order, err = op.order(ev, len(s.tuples), func(i int) (value.Value, *scope) { return s.at(i, sc) })
		out.plain = s.plain || len(order) > 1
		for _, from := range order {
			out.tuples = append(out.tuples, s.tuples[from])
		}
		return out, err
	}
	order, err = op.order(ev, len(items), func(i int) (value.Value, *scope) { return items[i], sc })
	for to, from := range order {
		t := tuple{context: items[from]}
		if u.index != "" {
			t = t.with(u.index, value.Float(float64(to)))
		}
		out.tuples = append(out.tuples, t)
	}
	return out, err
}

// order returns the order of n items by the terms. Each term is evaluated at
// most once for an item, when a comparison first needs it.
func (op *sorting) order(ev *evaluation, n int, item func(int) (value.Value, *scope)) ([]int, *Error) {
	keys := make([][]value.Value, n)
	key := func(i, term int) (value.Value, *Error) {
		if term < len(keys[i]) {
			return keys[i][term], nil
		}
		context, sc := item(i)
		v, err := op.terms[term].key.eval(ev, context, sc)
		if err != nil {
			return v, err
		}
		keys[i] = append(keys[i], v)
		return v, nil
	}
	return ev.sort(n, func(a, b int) (bool, *Error) {
		for i, term := range op.terms {
			x, err := key(a, i)
			if err != nil {
				return false, err
			}
			y, err := key(b, i)
			if err != nil {
				return false, err
			}
			order, err := op.compare(ev, x, y)
			if err != nil {
				return false, err
			}
			if order == 0 {
				continue
			}
			if term.descending && !x.IsUndefined() && !y.IsUndefined() {
				order = -order
			}
			return order > 0, nil
		}
		return false, nil
	})
}

// compare orders two keys; undefined comes last, whatever the direction.
func (op *sorting) compare(ev *evaluation, x, y value.Value) (int, *Error) {
	switch {
	case x.IsUndefined() && y.IsUndefined():
		return 0, nil
	case x.IsUndefined():
		return 1, nil
	case y.IsUndefined():
		return -1, nil
	}
	for _, v := range []value.Value{x, y} {
		if k := v.Kind(); k != value.KindString && k != value.KindNumber {
			return 0, &Error{Code: "T2008", Position: op.position, Value: v}
		}
	}
	if x.Kind() != y.Kind() {
		return 0, &Error{Code: "T2007", Position: op.position, Value: x, other: y}
	}
	if a, ok := x.Str(); ok {
		b, _ := y.Str()
		return compareText(a, b), ev.spend(min(len(a), len(b)) / 64)
	}
	a, _ := x.Float()
	b, _ := y.Float()
	switch {
	case a < b:
		return -1, nil
	case a == b:
		return 0, nil
	}
	return 1, nil
}

// sort returns the order of n items, stable, by a function that tells whether
// the first of two, which stands before the second, has to go behind it.
func (ev *evaluation) sort(n int, behind func(a, b int) (bool, *Error)) ([]int, *Error) {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	if err := ev.make(n, itemSize); err != nil {
		return nil, err
	}
	return order, ev.mergeSort(order, make([]int, n), behind)
}

func (ev *evaluation) mergeSort(order, spare []int, behind func(a, b int) (bool, *Error)) *Error {
	if len(order) <= 1 {
		return nil
	}
	middle := len(order) / 2
	if err := ev.mergeSort(order[:middle], spare[:middle], behind); err != nil {
		return err
	}
	if err := ev.mergeSort(order[middle:], spare[middle:], behind); err != nil {
		return err
	}
	copy(spare, order)
	left, right := spare[:middle], spare[middle:]
	for i := range order {
		takeRight := len(left) == 0
		if !takeRight && len(right) > 0 {
			if err := ev.spend(1); err != nil {
				return err
			}
			var err *Error
			if takeRight, err = behind(left[0], right[0]); err != nil {
				return err
			}
		}
		if takeRight {
			order[i], right = right[0], right[1:]
		} else {
			order[i], left = left[0], left[1:]
		}
	}
	return nil
}
