package jsonata

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var listFunctions = []definition{
	{"map", "<af>", 2, defined(mapList)},
	{"filter", "<af>", 2, defined(filterList)},
	{"single", "<af?>", 2, defined(single)},
	{"reduce", "<afj?:j>", 3, defined(reduce)},
	{"sort", "<af?:a>", 2, defined(sortList)},
	{"zip", "<a+>", 0, zip},
	{"append", "<xx:a>", 2, func(n native) (value.Value, *Error) {
		return n.ev.appendValue(n.arg(0), n.arg(1))
	}},
	{"reverse", "<a:a>", 1, defined(reverse)},
	{"shuffle", "<a:a>", 1, defined(shuffle)},
	{"distinct", "<x:x>", 1, defined(distinct)},
}

// A caller calls one function many times, with up to as many arguments as it
// takes.
type caller struct {
	ev    *evaluation
	f     *function
	args  int
	outer *scope // where the function was named, for $eval
	// A lambda that makes no functions can use the same scope again.
	scope *scope
}

func (n native) caller(f value.Value, most int) *caller {
	c := &caller{ev: n.ev, f: functionOf(f)}
	if c.f == nil {
		c.f = noFunction
	}
	for c.f.target != nil {
		c.outer = c.f.scope
		c.f = c.f.target
	}
	c.args = max(1, min(c.f.arity, most))
	if l := c.f.lambda; l != nil && !l.captures && c.f.signature == nil && c.f.site == (site{}) {
		c.scope = &scope{up: c.f.scope, names: c.f.parameters, values: make([]value.Value, len(c.f.parameters))}
	}
	return c
}

// noFunction is called where a function may be left out, but is needed.
var noFunction = &function{native: func(native) (value.Value, *Error) { return value.Value{}, &Error{Code: "T1006"} }}

func (c *caller) call(args ...value.Value) (value.Value, *Error) {
	if c.scope == nil {
		return c.ev.callback(c.f, args[:min(len(args), c.args)], value.Null(), c.outer)
	}
	if err := c.ev.spend(1); err != nil {
		return value.Value{}, err
	}
	clear(c.scope.values[copy(c.scope.values, args):])
	c.scope.bound = c.scope.bound[:0]
	v, err := c.f.lambda.body.eval(c.ev, c.f.input, c.scope)
	if err == nil && isThunk(v) {
		return c.ev.resume(len(c.ev.args), value.Null(), nil)
	}
	return v, err
}

func mapList(n native) (value.Value, *Error) {
	list := n.args[0]
	items := list.Items()
	c := n.caller(n.arg(1), 3)
	var b builder
	for i := range items {
		v, err := c.call(items[i], value.Float(float64(i)), list)
		if err != nil {
			return v, err
		}
		if !v.IsUndefined() {
			if b.items == nil {
				b.items = make([]value.Value, 0, min(len(items)-i, 64))
			}
			b.push(v)
		}
	}
	return sequenceOf(b.items), n.ev.make(len(b.items), itemSize)
}

func filterList(n native) (value.Value, *Error) {
	list := n.args[0]
	items := list.Items()
	c := n.caller(n.arg(1), 3)
	var b builder
	for i := range items {
		v, err := c.call(items[i], value.Float(float64(i)), list)
		if err != nil {
			return v, err
		}
		truth, err := n.ev.truthy(v)
		if err != nil {
			return v, err
		}
		if truth {
			b.push(items[i])
		}
	}
	return sequenceOf(b.items), n.ev.make(len(b.items), itemSize)
}

func single(n native) (value.Value, *Error) {
	list := n.args[0]
	var c *caller
	if f := n.arg(1); !f.IsUndefined() {
		c = n.caller(f, 3)
	}
	var found value.Value
	count := 0
	for i, item := range list.Items() {
		if c != nil {
			v, err := c.call(item, value.Float(float64(i)), list)
			if err != nil {
				return v, err
			}
			if truth, err := n.ev.truthy(v); err != nil || !truth {
				if err != nil {
					return v, err
				}
				continue
			}
		}
		if count++; count > 1 {
			return value.Value{}, &Error{Code: "D3138", index: i}
		}
		found = item
	}
	if count == 0 {
		return value.Value{}, &Error{Code: "D3139"}
	}
	return found, nil
}

func reduce(n native) (value.Value, *Error) {
	list := n.args[0]
	items := list.Items()
	f := functionOf(n.arg(1))
	if f.arity < 2 {
		return value.Value{}, &Error{Code: "D3050", index: 1}
	}
	c := n.caller(n.arg(1), 4)
	result, i := n.arg(2), 0
	if result.IsUndefined() && len(items) > 0 {
		result, i = items[0], 1
	}
	for ; i < len(items); i++ {
		var err *Error
		if result, err = c.call(result, items[i], value.Float(float64(i)), list); err != nil {
			return result, err
		}
	}
	return result, nil
}

func sortList(n native) (value.Value, *Error) {
	list := n.args[0]
	items := list.Items()
	if len(items) <= 1 {
		return list, nil
	}
	behind, err := n.order(items)
	if err != nil {
		return value.Value{}, err
	}
	order, err := n.ev.sort(len(items), behind)
	if err != nil {
		return value.Value{}, err
	}
	sorted := make([]value.Value, len(items))
	for to, from := range order {
		sorted[to] = items[from]
	}
	return value.List(sorted...), nil
}

// order returns the comparison of $sort: the function given, or that of numbers
// or strings.
func (n native) order(items []value.Value) (func(a, b int) (bool, *Error), *Error) {
	if f := n.arg(1); !f.IsUndefined() {
		c := n.caller(f, 2)
		c.args = 2 // whatever the function takes
		return func(a, b int) (bool, *Error) {
			v, err := c.call(items[a], items[b])
			return scriptTruth(v), err
		}, nil
	}
	_, ok, err := numbers(items)
	if err != nil {
		return nil, err
	}
	if ok {
		return func(a, b int) (bool, *Error) {
			x, _ := items[a].Float()
			y, _ := items[b].Float()
			return x > y, nil
		}, nil
	}
	for i := range items {
		if items[i].Kind() != value.KindString {
			return nil, &Error{Code: "D3070", index: 1}
		}
	}
	return func(a, b int) (bool, *Error) {
		x, _ := items[a].Str()
		y, _ := items[b].Str()
		return compareText(x, y) > 0, n.ev.spend(min(len(x), len(y)) / 64)
	}, nil
}

// scriptTruth is what JavaScript takes for true.
func scriptTruth(v value.Value) bool {
	switch v.Kind() {
	case value.KindUndefined, value.KindNull:
		return false
	case value.KindBool:
		truth, _ := v.Bool()
		return truth
	case value.KindNumber:
		f, _ := v.Float()
		return f != 0 && f == f
	case value.KindString:
		s, _ := v.Str()
		return s != ""
	}
	return true
}

func zip(n native) (value.Value, *Error) {
	shortest := math.MaxInt
	for _, arg := range n.args {
		shortest = min(shortest, arg.Len())
		if !isList(arg) {
			shortest = 0
		}
	}
	if err := n.ev.make(shortest*(len(n.args)+1), itemSize); err != nil {
		return value.Value{}, err
	}
	if err := n.ev.spend(shortest); err != nil {
		return value.Value{}, err
	}
	rows := make([]value.Value, shortest)
	for i := range rows {
		row := make([]value.Value, len(n.args))
		for j, arg := range n.args {
			row[j] = arg.Index(i)
		}
		rows[i] = value.List(row...)
	}
	return value.List(rows...), nil
}

func reverse(n native) (value.Value, *Error) {
	items := n.args[0].Items()
	if len(items) <= 1 {
		return n.args[0], nil
	}
	if err := n.ev.make(len(items), itemSize); err != nil {
		return value.Value{}, err
	}
	reversed := make([]value.Value, len(items))
	for i, item := range items {
		reversed[len(items)-1-i] = item
	}
	return value.List(reversed...), n.ev.spend(len(items) / 8)
}

func shuffle(n native) (value.Value, *Error) {
	items := n.args[0].Items()
	if len(items) <= 1 {
		return n.args[0], nil
	}
	if err := n.ev.make(len(items), itemSize); err != nil {
		return value.Value{}, err
	}
	shuffled := make([]value.Value, len(items))
	for i, item := range items {
		r, err := n.ev.random()
		if err != nil {
			return value.Value{}, err
		}
		j := int(r * float64(i+1))
		shuffled[i] = shuffled[j]
		shuffled[j] = item
	}
	return value.List(shuffled...), n.ev.spend(len(items) / 8)
}

func distinct(n native) (value.Value, *Error) {
	list := n.args[0]
	items := list.Items()
	if len(items) <= 1 {
		return list, nil
	}
	kept := make([]value.Value, 0, len(items))
	plain := map[any]bool{}
next:
	for _, item := range items {
		s, _ := item.Str()
		if err := n.ev.spend(1 + len(s)/256); err != nil {
			return value.Value{}, err
		}
		if key, ok := plainKey(item); ok {
			if !plain[key] {
				plain[key] = true
				kept = append(kept, item)
			}
			continue
		}
		if err := n.ev.spend(len(kept) / 4); err != nil {
			return value.Value{}, err
		}
		for _, old := range kept {
			same, err := n.ev.equal(item, old)
			if err != nil {
				return value.Value{}, err
			}
			if same {
				continue next
			}
		}
		kept = append(kept, item)
	}
	v := value.List(kept...)
	if isSequence(list) {
		v = v.WithMark(sequenceMark)
	}
	return v, n.ev.make(len(kept), itemSize)
}

// plainKey returns a key that equal strings, numbers and booleans share.
func plainKey(v value.Value) (any, bool) {
	switch v.Kind() {
	case value.KindString:
		s, _ := v.Str()
		return s, true
	case value.KindNumber:
		f, _ := v.Float()
		return f, f == f
	case value.KindBool:
		b, _ := v.Bool()
		return b, true
	case value.KindNull:
		return nil, true
	}
	return nil, false
}
