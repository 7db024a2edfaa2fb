package asl

import (
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A node is one value of a definition's text, with the place it has there. The
// readers of JSON and YAML make the same nodes.
type node struct {
	kind       value.Kind // KindOpaque is a placeholder without quotes
	start, end int        // in the text
	parent     *node
	key        string // in an object
	index      int    // in a list
	keyStart   int
	keyEnd     int
	// text is what a string says, or the number or placeholder as written.
	text  string
	truth bool
	// kids are the items of a list, or the members of an object. Where a key
	// comes twice both are there; get returns the last, as every reader does.
	kids  []*node
	twins bool // a key comes twice
	// replaced marks a member whose key comes again.
	replaced bool
}

// get returns the member of an object, nil when there is none.
func (n *node) get(key string) *node {
	if n == nil || n.kind != value.KindObject {
		return nil
	}
	for i := len(n.kids) - 1; i >= 0; i-- {
		if n.kids[i].key == key {
			return n.kids[i]
		}
	}
	return nil
}

// object reports whether the node is an object that stands for itself.
func (n *node) object() bool { return n != nil && n.kind == value.KindObject && !n.function() }

// list returns the items of a list, nil for every other node.
func (n *node) list() []*node {
	if n == nil || n.kind != value.KindList {
		return nil
	}
	return n.kids
}

// str returns the text of a string; ok is false for every other node.
func (n *node) str() (string, bool) {
	if n == nil || n.kind != value.KindString {
		return "", false
	}
	return n.text, true
}

// members returns the members of an object with the earlier of equal keys left
// out, nil for every other node.
func (n *node) members() []*node {
	if n == nil || n.kind != value.KindObject {
		return nil
	}
	if !n.twins {
		return n.kids
	}
	kept := make([]*node, 0, len(n.kids))
	for _, kid := range n.kids {
		if !kid.replaced {
			kept = append(kept, kid)
		}
	}
	return kept
}

// markTwins finds the members of an object whose key comes again.
func (n *node) markTwins() {
	last := n.get
	if len(n.kids) > 16 {
		index := make(map[string]*node, len(n.kids))
		for _, kid := range n.kids {
			index[kid.key] = kid
		}
		last = func(key string) *node { return index[key] }
	}
	for _, kid := range n.kids {
		if last(kid.key) != kid {
			kid.replaced, n.twins = true, true
		}
	}
}

// value returns the node as a value; undefined for the nil node.
func (n *node) value() value.Value {
	if n == nil {
		return value.Value{}
	}
	switch n.kind {
	case value.KindNull:
		return value.Null()
	case value.KindBool:
		return value.Bool(n.truth)
	case value.KindNumber:
		v, _ := value.Number(n.text)
		return v
	case value.KindString:
		return value.String(n.text)
	case value.KindList:
		items := make([]value.Value, len(n.kids))
		for i, kid := range n.kids {
			items[i] = kid.value()
		}
		return value.List(items...)
	case value.KindObject:
		members := make([]value.Member, 0, len(n.kids))
		for _, kid := range n.members() {
			members = append(members, value.Member{Key: kid.key, Value: kid.value()})
		}
		return value.Object(members...)
	}
	return value.Opaque(Placeholder(n.text))
}

// pointer returns what AWS calls the location: "/" for the root,
// "/States/Fork/Branches[0]" for what is in a list.
func (n *node) pointer() string {
	if n == nil {
		return ""
	}
	if n.parent == nil {
		return "/"
	}
	var parts []string
	for ; n.parent != nil; n = n.parent {
		if n.parent.kind == value.KindList {
			parts = append(parts, "["+strconv.Itoa(n.index)+"]")
		} else {
			parts = append(parts, "/"+n.key)
		}
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}

// A source is a text and the beginnings of its lines.
type source struct {
	file  string
	text  string
	lines func() []int // found when a place is first asked for
}

func newSource(text, file string) *source {
	return &source{file, text, sync.OnceValue(func() []int {
		lines := []int{0}
		for i := range len(text) {
			if text[i] == '\n' {
				lines = append(lines, i+1)
			}
		}
		return lines
	})}
}

// position returns the place of some bytes of the text.
func (s *source) position(start, end int) diag.Position {
	lines := s.lines()
	line := sort.SearchInts(lines, start+1)
	return diag.Position{
		File: s.file, Line: line, Column: start - lines[line-1] + 1,
		Offset: start, Length: end - start,
	}
}

// offset returns where the column of a line begins, both counted from 1; the
// column counts characters, as YAML's reader does.
func (s *source) offset(line, column int) int {
	lines := s.lines()
	if line < 1 || line > len(lines) {
		return len(s.text)
	}
	i := lines[line-1]
	for ; column > 1 && i < len(s.text); column-- {
		_, size := utf8.DecodeRuneInString(s.text[i:])
		i += size
	}
	return i
}
