package lower

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// fromShared is the kind of a value that several states use and that is computed
// once.
const fromShared spec.SourceKind = "shared"

// A sharing is such a value. It is bound in front of a step of a block.
type sharing struct {
	key   int
	value *spec.Expr
	to    *spec.Source
}

// shareable are the operations that are computed once when several states use
// their result, and how it is called when nothing better is known. What may fail
// is not among them: it must not fail before it is needed, nor where it is not.
var shareable = map[spec.Op]string{
	spec.OpSelect: "selected", spec.OpFilter: "filtered", spec.OpSum: "sum", spec.OpMax: "most", spec.OpMin: "least", spec.OpLen: "count",
	spec.OpKeys: "keys", spec.OpSplit: "parts", spec.OpJoin: "joined", spec.OpConcat: "list", spec.OpAppend: "list", spec.OpPut: "dict",
	spec.OpHas: "known", spec.OpBetween: "seconds", spec.OpLater: "later", spec.OpFormat: "text", spec.OpUpper: "text", spec.OpLower: "text",
	spec.OpAdd: "sum", spec.OpSub: "difference", spec.OpMul: "product",
}

// share finds the expressions that more than one state on a way uses, and where
// each is best computed: in front of the first of them, in the innermost block
// that holds them all. Where no state comes before that, nothing could assign
// the value, and where the ways of the uses part, nothing is computed twice.
func share(body *spec.Block, keys *interner) map[*spec.Block]map[int][]sharing {
	s := &sharer{keys: keys, found: make(map[int]*occurrences)}
	s.block(body, nil, false)
	shared := make(map[*spec.Block]map[int][]sharing)
	for _, key := range s.order {
		o := s.found[key]
		at, ok := o.place()
		if !ok {
			continue
		}
		if shared[at.block] == nil {
			shared[at.block] = make(map[int][]sharing)
		}
		to := &spec.Source{Kind: fromShared, Type: o.value.Type, Name: o.name, Pos: o.value.Pos}
		shared[at.block][at.index] = append(shared[at.block][at.index], sharing{key, o.value, to})
	}
	return shared
}

// A spot is a step of a block, or with the number of steps the block's result.
type spot struct {
	block   *spec.Block
	index   int
	started bool // a state of the same scope comes before
}

// occurrences are the uses of equal expressions: each the way to it, from the
// workflow's block inwards.
type occurrences struct {
	value *spec.Expr
	name  string
	ways  [][]spot
}

type sharer struct {
	keys  *interner
	found map[int]*occurrences
	order []int
}

func (s *sharer) block(b *spec.Block, way []spot, started bool) {
	for i, step := range b.Steps {
		here := append(way[:len(way):len(way)], spot{b, i, started})
		spec.EveryExpr(step, func(x *spec.Expr) { s.expr(x, "", here) })
		started = s.inner(step, here, started)
	}
	if b.Result != nil {
		s.expr(b.Result, "", append(way[:len(way):len(way)], spot{b, len(b.Steps), started}))
	}
}

// inner looks into the blocks of a step, and tells whether a state comes before
// the next step.
func (s *sharer) inner(step spec.Step, here []spot, started bool) bool {
	switch x := step.(type) {
	case *spec.Try, *spec.Finally, *spec.Repeat:
		spec.EveryBlock(step, func(b *spec.Block) { s.block(b, here, started) })
	case *spec.Choice:
		spec.EveryBlock(step, func(b *spec.Block) { s.block(b, here, true) })
	case *spec.Map:
		if x.Distributed == nil { // else the value would have to be captured
			s.block(x.Body, here, false)
		}
	case *spec.Parallel:
		for _, b := range x.Branches {
			s.block(b, here, false)
		}
	case *spec.Set, *spec.Get, *spec.Bind, *spec.Break, *spec.Continue:
		return started
	}
	return true
}

// expr notes the expressions worth sharing, the whole before its parts. name is
// the field that the value is for.
func (s *sharer) expr(x *spec.Expr, name string, way []spot) {
	if s.worth(x) {
		key := s.keys.key(x)
		o := s.found[key]
		if o == nil {
			o = &occurrences{value: x, name: name}
			if name == "" {
				o.name = shareable[x.Op]
			}
			s.found[key], s.order = o, append(s.order, key)
		}
		o.ways = append(o.ways, way)
		return
	}
	for i, arg := range x.Args {
		if x.Op == spec.OpStruct || x.Op == spec.OpDict {
			s.expr(arg, x.Names[i], way)
		} else {
			s.expr(arg, "", way)
		}
	}
}

// worth reports whether an expression may be computed ahead, and is more than a
// path.
func (s *sharer) worth(x *spec.Expr) bool {
	if shareable[x.Op] == "" {
		return false
	}
	safe, computes := true, false
	inside := make(map[*spec.Source]bool)
	x.Walk(func(x *spec.Expr) bool {
		switch x.Op {
		case spec.OpMust, spec.OpAt, spec.OpCode, spec.OpDiv, spec.OpMod, spec.OpContext, spec.OpAs, spec.OpUnset:
			safe = false
		case spec.OpLambda:
			inside[x.Params[0]] = true
		case spec.OpRef:
			computes = true
			switch x.Source.Kind {
			case spec.FromVariable, spec.FromBranch, spec.FromToken:
				safe = false // it changes, or is not there before the first use
			case spec.FromParam:
				safe = safe && inside[x.Source]
			}
		}
		return safe
	})
	return safe && computes
}

// place finds where to compute the value: in front of the first use, in the
// innermost block of all uses. A first use whose way ends, in an arm that fails
// or returns early, has nothing to do with the others.
func (o *occurrences) place() (spot, bool) {
	for ways := o.ways; len(ways) > 1; ways = ways[1:] {
		depth, ok := parting(ways)
		if !ok {
			return spot{}, false
		}
		if goesOn(ways[0][depth+1:]) {
			return ways[0][depth], ways[0][depth].started
		}
	}
	return spot{}, false
}

// parting returns where in the ways the innermost block stands that all of them
// lead through; false when they part at one step of it, as into the arms of a
// choice.
func parting(ways [][]spot) (depth int, ok bool) {
	first, last := ways[0], ways[len(ways)-1]
	for depth := range min(len(first), len(last)) {
		for _, way := range ways {
			if depth >= len(way) || way[depth].block != first[depth].block {
				return 0, false
			}
		}
		if last[depth].index != first[depth].index {
			return depth, true
		}
	}
	return 0, false
}

// goesOn reports whether a way leads out of the blocks again.
func goesOn(within []spot) bool {
	for _, at := range within {
		if at.block.Ended {
			return false
		}
	}
	return true
}
