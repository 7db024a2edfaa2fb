package lower

import (
	"strconv"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// An interner gives equal expressions equal keys. A record that was read from
// JSON shares no expressions, so that identity does not tell.
type interner struct {
	keys    map[string]int
	sources map[*spec.Source]int
	memo    map[*spec.Expr]int
}

func newInterner() *interner {
	return &interner{keys: make(map[string]int), sources: make(map[*spec.Source]int), memo: make(map[*spec.Expr]int)}
}

func (in *interner) key(x *spec.Expr) int {
	if key, ok := in.memo[x]; ok {
		return key
	}
	b := make([]byte, 0, 64)
	part := func(s string) { b = append(strconv.AppendQuote(b, s), ' ') }
	part(string(x.Op))
	part(string(x.Value))
	part(x.Text)
	if x.Type != nil {
		part(x.Type.ID)
	}
	for _, name := range x.Names {
		part(name)
	}
	b = strconv.AppendInt(b, int64(x.Get), 10)
	for _, s := range append([]*spec.Source{x.Source}, x.Params...) {
		b = append(strconv.AppendInt(b, int64(in.source(s)), 10), ' ')
	}
	for _, arg := range x.Args {
		b = append(strconv.AppendInt(b, int64(in.key(arg)), 10), ',')
	}
	key, ok := in.keys[string(b)]
	if !ok {
		key = len(in.keys) + 1
		in.keys[string(b)] = key
	}
	in.memo[x] = key
	return key
}

func (in *interner) source(s *spec.Source) int {
	if s == nil {
		return 0
	}
	id, ok := in.sources[s]
	if !ok {
		id = len(in.sources) + 1
		in.sources[s] = id
	}
	return id
}
