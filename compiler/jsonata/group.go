package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A grouping is an object constructor, which groups what it is evaluated for by
// its keys.
type grouping struct {
	pairs    []pair
	position int
	keys     []string // where all keys are different literals
}

type pair struct{ key, value *unit }

// settle looks whether the keys are known.
func (g *grouping) settle() {
	keys := make([]string, 0, len(g.pairs))
	seen := map[string]bool{}
	for _, p := range g.pairs {
		key, ok := p.key.value.Str()
		if !ok || p.key.kind != literalUnit || p.key.finishing || seen[key] {
			return
		}
		seen[key] = true
		keys = append(keys, key)
	}
	g.keys = keys
}

func (g *grouping) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	if s, ok := streamOf(in); ok {
		return g.evalTuples(ev, s, sc)
	}
	if g.keys != nil {
		return g.evalStatic(ev, in, sc)
	}
	var buf [1]value.Value
	items := itemsOf(in, &buf)
	if len(items) == 0 {
		buf[0] = value.Value{}
		items = buf[:]
	}
	var groups groups
	for i := range items {
		if err := ev.spend(1); err != nil {
			return value.Value{}, err
		}
		for p := range g.pairs {
			key, ok, err := g.key(ev, p, items[i], sc)
			if err != nil {
				return value.Value{}, err
			}
			if !ok {
				continue
			}
			if err := groups.add(ev, g, key, p, items[i]); err != nil {
				return value.Value{}, err
			}
		}
	}
	members := make([]value.Member, 0, len(groups.list))
	for i := range groups.list {
		e := &groups.list[i]
		context, err := ev.grouped(value.List(e.items...))
		if err != nil {
			return value.Value{}, err
		}
		v, err := g.pairs[e.pair].value.eval(ev, context, sc)
		if err != nil {
			return value.Value{}, err
		}
		members = member(members, e.key, v)
	}
	return value.Object(members...), ev.make(len(members), memberSize)
}

// member adds a member, unless it is undefined.
func member(members []value.Member, key string, v value.Value) []value.Member {
	if v.IsUndefined() {
		return members
	}
	return append(members, value.Member{Key: key, Value: v})
}

// evalStatic makes the one object that known keys give.
func (g *grouping) evalStatic(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	context, err := ev.grouped(in)
	if err != nil {
		return in, err
	}
	members := make([]value.Member, 0, len(g.keys))
	for i, key := range g.keys {
		v, err := g.pairs[i].value.eval(ev, context, sc)
		if err != nil {
			return v, err
		}
		members = member(members, key, v)
	}
	return value.Object(members...), ev.make(len(members), memberSize)
}

// key evaluates the key of a pair for an item; ok is false where it is
// undefined.
func (g *grouping) key(ev *evaluation, p int, item value.Value, sc *scope) (string, bool, *Error) {
	v, err := g.pairs[p].key.eval(ev, item, sc)
	if err != nil || v.IsUndefined() {
		return "", false, err
	}
	key, ok := v.Str()
	if !ok {
		return "", false, &Error{Code: "T1003", Position: g.position, Value: v}
	}
	return key, true, nil
}

// groups are the items by key, in the order in which the keys came.
type groups struct {
	list  []entry
	index map[string]int
}

type entry struct {
	key   string
	pair  int
	items []value.Value
}

// grouped returns what the items of one group are as the context value: the one
// item, or all of them appended to each other.
func (ev *evaluation) grouped(v value.Value) (value.Value, *Error) {
	if !isList(v) {
		return v, nil
	}
	switch v.Len() {
	case 0:
		return value.Value{}, nil
	case 1:
		return v.Index(0), nil
	}
	var b builder
	for _, item := range v.Items() {
		var err *Error
		if isList(item) {
			err = b.concat(ev, item.Items())
		} else {
			b.push(item)
		}
		if err != nil {
			return v, err
		}
	}
	return value.List(b.items...), ev.make(len(b.items), itemSize)
}

// at returns the group of a key, made if need be.
func (gs *groups) at(ev *evaluation, g *grouping, key string, pair int) (*entry, *Error) {
	if err := ev.spend(len(key) / 256); err != nil {
		return nil, err
	}
	if gs.index == nil {
		gs.index = map[string]int{}
	}
	i, ok := gs.index[key]
	if !ok {
		i = len(gs.list)
		gs.index[key] = i
		gs.list = append(gs.list, entry{key: key, pair: pair})
	}
	if gs.list[i].pair != pair {
		return nil, &Error{Code: "D1009", Position: g.position, Value: value.String(key)}
	}
	return &gs.list[i], nil
}

func (gs *groups) add(ev *evaluation, g *grouping, key string, pair int, item value.Value) *Error {
	e, err := gs.at(ev, g, key, pair)
	if err != nil {
		return err
	}
	// Appending undefined changes nothing, but the first item counts whatever it
	// is.
	if len(e.items) > 0 && item.IsUndefined() {
		return nil
	}
	e.items = append(e.items, item)
	return ev.make(1, itemSize)
}

// evalTuples groups tuples. The bindings of a group are those of its tuples,
// appended to each other like the context values.
func (g *grouping) evalTuples(ev *evaluation, s *stream, sc *scope) (value.Value, *Error) {
	tuples := s.tuples
	if len(tuples) == 0 {
		tuples = []tuple{{}}
	}
	var groups groups
	var merged []tuple
	for _, t := range tuples {
		if err := ev.spend(1); err != nil {
			return value.Value{}, err
		}
		for p := range g.pairs {
			key, ok, err := g.key(ev, p, t.context, t.scope(sc))
			if err != nil {
				return value.Value{}, err
			}
			if !ok {
				continue
			}
			e, err := groups.at(ev, g, key, p)
			if err != nil {
				return value.Value{}, err
			}
			at := groups.index[e.key]
			if at == len(merged) {
				merged = append(merged, t)
				continue
			}
			if merged[at], err = ev.merge(merged[at], t); err != nil {
				return value.Value{}, err
			}
		}
	}
	members := make([]value.Member, 0, len(merged))
	for i, t := range merged {
		e := &groups.list[i]
		v, err := g.pairs[e.pair].value.eval(ev, t.context, t.scope(sc))
		if err != nil {
			return value.Value{}, err
		}
		members = member(members, e.key, v)
	}
	return value.Object(members...), ev.make(len(members), memberSize)
}

// merge appends the parts of a tuple to those of another.
func (ev *evaluation) merge(a, b tuple) (tuple, *Error) {
	var err *Error
	if a.context, err = ev.appendValue(a.context, b.context); err != nil {
		return a, err
	}
	for _, bound := range b.bound {
		v := bound.value
		for _, old := range a.bound {
			if old.name == bound.name {
				if v, err = ev.appendValue(old.value, v); err != nil {
					return a, err
				}
			}
		}
		a = a.with(bound.name, v)
	}
	return a, nil
}
