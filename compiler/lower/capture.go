package lower

import (
	"strconv"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A capture is a value of the workflow around that an execution of a distributed
// Map needs: such an execution sees nothing but its input.
type capture struct {
	name string
	of   *spec.Expr // a source, or a field of one
	keys []int      // of all ways to write it
}

// itemMember is the item among what is captured.
const itemMember = "item"

// captures finds what a distributed Map uses from outside, in the
// order in which it does. A field is captured without the value it is part of,
// unless all of that is needed.
func (b *builder) captures(s *spec.Map) []capture {
	c := capturing{keys: b.fold.keys, inside: make(map[*spec.Source]bool), index: make(map[string]int)}
	c.inside[s.Item] = true
	c.defined(s.Body)
	c.block(s.Body)
	names := newNamer()
	names.taken[itemMember] = true
	var list []capture
	for _, found := range c.list {
		if root, whole := rootOf(found.of); !whole && c.whole(root) {
			continue
		}
		found.name = names.field(found.of)
		list = append(list, found)
	}
	return list
}

type capturing struct {
	keys   *interner
	inside map[*spec.Source]bool
	list   []capture
	index  map[string]int
}

// defined notes the sources that come to be within the block.
func (c *capturing) defined(b *spec.Block) {
	b.Walk(func(step spec.Step) {
		switch s := step.(type) {
		case *spec.Call:
			c.inside[s.Result] = true
		case *spec.Choice:
			c.inside[s.Result] = true
		case *spec.Parallel:
			c.inside[s.Result] = true
			for _, o := range s.Outcomes {
				c.inside[o] = true
			}
		case *spec.Map:
			c.inside[s.Result], c.inside[s.Item] = true, true
		case *spec.Repeat:
			c.inside[s.Result] = true
		case *spec.Try:
			c.inside[s.Result] = true
			for _, catcher := range s.Catchers {
				c.inside[catcher.Error] = true
			}
		case *spec.Finally:
			c.inside[s.Result] = true
		case *spec.Raw:
			c.inside[s.Result] = true
		case *spec.Set:
			c.inside[s.Variable] = c.inside[s.Variable] || s.Initial
		case *spec.Bind:
			c.inside[s.Result] = true
		}
	})
}

func (c *capturing) block(b *spec.Block) {
	for _, step := range b.Steps {
		spec.EveryExpr(step, c.expr)
		spec.EveryBlock(step, c.block)
	}
	if b.Result != nil {
		c.expr(b.Result)
	}
}

func (c *capturing) expr(x *spec.Expr) {
	x.Walk(func(x *spec.Expr) bool {
		root, _ := rootOf(x)
		if root == nil {
			return true
		}
		if s := root.Source; !c.inside[s] && s.Kind != spec.FromParam && s.Kind != spec.FromToken {
			c.add(x)
		}
		return false
	})
}

// rootOf returns the reference that a path begins with, and whether the path is
// nothing more; nil for other expressions.
func rootOf(x *spec.Expr) (root *spec.Expr, whole bool) {
	whole = true
	for x.Op == spec.OpField {
		x, whole = x.Args[0], false
	}
	if x.Op != spec.OpRef {
		return nil, false
	}
	return x, whole
}

// add notes a captured path. All readings of a variable are the same: it cannot
// change while the Map runs.
func (c *capturing) add(x *spec.Expr) {
	var path string
	root := x
	for ; root.Op == spec.OpField; root = root.Args[0] {
		path = strconv.Quote(root.Names[0]) + path
	}
	path = c.name(root) + path
	i, ok := c.index[path]
	if !ok {
		i = len(c.list)
		c.index[path] = i
		c.list = append(c.list, capture{of: x})
	}
	c.list[i].keys = append(c.list[i].keys, c.keys.key(x))
}

// whole reports whether all of a source is captured.
func (c *capturing) whole(root *spec.Expr) bool {
	_, ok := c.index[c.name(root)]
	return ok
}

func (c *capturing) name(root *spec.Expr) string { return strconv.Itoa(c.keys.source(root.Source)) }

// field names a captured path after its last field, or its source.
func (n *namer) field(x *spec.Expr) string {
	s := &spec.Source{Kind: spec.FromParam, Name: "value"}
	if x.Op == spec.OpField {
		s.Name = x.Names[0]
	} else {
		s = x.Source
	}
	return n.name(s)
}

// withCaptured folds with what stands for captured values, and undoes that.
func (f *folder) withCaptured(captured map[int]*spec.Expr) (undo func()) {
	outer := *f
	f.captured, f.shared = captured, make(map[int]*spec.Expr)
	return func() { f.captured, f.shared = outer.captured, outer.shared }
}
