package compiler_test

// ex makes an expression of a kind, of at most so many levels.
func (g *generator) ex(e *env, k kind, depth int) *ex {
	if depth == 0 || g.pick(3) == 0 {
		return g.leaf(e, k)
	}
	d := depth - 1
	op := func(name string, args ...*ex) *ex { return &ex{op: name, kind: k, args: args} }
	of := func(k kind) *ex { return g.ex(e, k, d) }
	if list, ok := lists[k]; ok && g.pick(8) == 7 {
		if g.pick(2) == 0 {
			return &ex{op: "at", kind: k, args: []*ex{of(list), of(k)}, lit: g.pick(3)}
		}
		return op("atindex", of(list), of(k), of(kInt))
	}
	if g.pick(8) == 7 {
		return op("cond", of(kBool), of(k), of(k))
	}
	switch k {
	case kInt:
		switch g.pick(9) {
		case 0:
			return op("add", of(kInt), of(kInt))
		case 1:
			return op("sub", of(kInt), of(kInt))
		case 2:
			return op("mulmod", of(kInt), of(kInt))
		case 3:
			return op("len", of([]kind{kInts, kStrs, kItems, kNest, kOpts}[g.pick(5)]))
		case 4:
			return op("sum", of(kInts))
		case 5:
			return op("n", of(kItem))
		case 6:
			return op("or", of(kOpt), of(kInt))
		case 7:
			return &ex{op: "at", kind: k, args: []*ex{of(kInts), of(kInt)}, lit: g.pick(3)}
		default:
			if len(e.present) > 0 {
				return op("must", e.present[g.pick(len(e.present))])
			}
			return op("mulmod", of(kInt), of(kInt))
		}
	case kStr:
		switch g.pick(6) {
		case 0:
			return &ex{op: "format", kind: k, lit: []string{"{}", "<{}>", "it's {} \"{}\"", "{}{}"}[g.pick(4)], args: []*ex{of([]kind{kInt, kStr, kBool}[g.pick(3)]), of(kStr)}}
		case 1:
			return op("upper", of(kStr))
		case 2:
			return op("join", of(kStrs))
		case 3:
			return op("s", of(kItem))
		default:
			return &ex{op: "at", kind: k, args: []*ex{of(kStrs), of(kStr)}, lit: g.pick(3)}
		}
	case kBool:
		if n := len(e.ids); n > 0 && g.pick(2) == 1 {
			return &ex{op: "same", kind: k, slot: e.ids[g.pick(n)], lit: e.ids[g.pick(n)]}
		}
		switch g.pick(9) {
		case 0:
			return op([]string{"eq", "ne", "gt", "ge", "lt", "le"}[g.pick(6)], of(kInt), of(kInt))
		case 1:
			return op("eqs", of(kStr), of(kStr))
		case 2:
			return op("and", of(kBool), of(kBool))
		case 3:
			return op("oror", of(kBool), of(kBool))
		case 4:
			return op("not", of(kBool))
		case 5:
			return op("present", of(kOpt))
		case 6:
			return op("has", of(kInts), of(kInt))
		case 7:
			return op("contains", of(kStr), of(kStr))
		default:
			return &ex{op: "in", kind: k, args: []*ex{of(kStr)}, lit: [][]string{{"a"}, {"a", "s1"}}[g.pick(2)]}
		}
	case kOpt:
		switch g.pick(5) {
		case 0:
			return op("some", of(kInt))
		case 1:
			return op("o", of(kItem))
		case 2:
			return op([]string{"max", "min"}[g.pick(2)], of(kInts))
		default:
			return op("lookup", of(kDict), of(kStr))
		}
	case kInts:
		switch g.pick(6) {
		case 0:
			return op("list", of(kInt), of(kInt))
		case 1:
			return g.lambda(e, "select", k, kItem, kInt, d)
		case 2:
			return g.lambda(e, "select", k, kInts, kInt, d)
		case 3:
			return g.lambda(e, "filter", k, kInt, kBool, d)
		case 4:
			return op("append", of(k), of(kInt))
		default:
			return op("concat", of(k), of(k))
		}
	case kStrs:
		switch g.pick(6) {
		case 0:
			return g.lambda(e, "select", k, kInt, kStr, d)
		case 1:
			return op("split", of(kStr))
		case 2:
			return op("tags", of(kItem))
		case 3:
			return op("keys", of(kDict))
		case 4:
			return g.lambda(e, "filter", k, kStr, kBool, d)
		default:
			return op("list", of(kStr))
		}
	case kItem:
		if g.pick(2) == 0 {
			return op("item", of(kInt), of(kStr), of(kStrs), of(kOpt))
		}
		return &ex{op: "at", kind: k, args: []*ex{of(kItems), of(kItem)}, lit: g.pick(2)}
	case kItems:
		switch g.pick(4) {
		case 0:
			return op("list", of(kItem))
		case 1:
			return g.lambda(e, "filter", k, kItem, kBool, d)
		case 2:
			return g.lambda(e, "select", k, kInt, kItem, d)
		default:
			return op("concat", of(k), of(k))
		}
	case kNest:
		switch g.pick(5) {
		case 0:
			return op("list", of(kInts), of(kInts))
		case 1:
			return g.lambda(e, "select", k, kInt, kInts, d)
		case 2:
			return g.lambda(e, "select", k, kItem, kInts, d)
		case 3:
			return op("append", of(k), of(kInts))
		default:
			return g.lambda(e, "filter", k, kInts, kBool, d)
		}
	case kOpts:
		if g.pick(2) == 0 {
			return op("list", of(kOpt), of(kOpt))
		}
		return g.lambda(e, "select", k, kItem, kOpt, d)
	default:
		return op("put", of(k), of(kStr), of(kInt))
	}
}

// lambda makes a Select or Filter. Items of the lists that hold lists come from
// kNest.
func (g *generator) lambda(e *env, op string, k, item, body kind, depth int) *ex {
	slot := g.slot()
	inner := e.clone()
	inner.add(item, slot)
	inner.lambda = true
	return &ex{op: op, kind: k, slot: slot, lit: item, args: []*ex{g.ex(e, lists[item], depth), g.ex(inner, body, depth)}}
}

func (g *generator) leaf(e *env, k kind) *ex {
	if vars := e.vars[k]; len(vars) > 0 && !e.lambda && g.pick(3) == 2 {
		return &ex{op: "get", kind: k, slot: vars[g.pick(len(vars))]}
	}
	if values := e.values[k]; len(values) > 0 && g.pick(4) > 0 {
		return &ex{op: "ref", kind: k, slot: values[len(values)-1-g.pick(len(values))]}
	}
	lit := func(x any) *ex { return &ex{op: "lit", kind: k, lit: x} }
	switch k {
	case kInt:
		return lit([]int{0, 1, 2, 3, -1, 10}[g.pick(6)])
	case kStr:
		return lit([]string{"a", "", "b,c", "{% x %}", "it's", "s1"}[g.pick(6)])
	case kBool:
		return lit(g.pick(2) == 1)
	case kOpt:
		return &ex{op: []string{"null", "absent"}[g.pick(2)], kind: k}
	case kItem:
		if g.pick(2) == 0 {
			return &ex{op: "ref", kind: k, slot: 0}
		}
		return &ex{op: "item", kind: k, args: []*ex{g.leaf(e, kInt), g.leaf(e, kStr), g.leaf(e, kStrs), g.leaf(e, kOpt)}}
	case kDict:
		if g.pick(2) == 0 {
			return &ex{op: "dict", kind: k}
		}
		return &ex{op: "dict", kind: k, args: []*ex{g.leaf(e, kInt)}}
	default:
		return &ex{op: "list", kind: k}
	}
}
