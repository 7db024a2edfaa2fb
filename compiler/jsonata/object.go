package jsonata

import (
	"strconv"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var objectFunctions = []definition{
	{"keys", "<x-:a<s>>", 1, func(n native) (value.Value, *Error) {
		k := keySet{seen: map[string]bool{}}
		if err := k.add(n.ev, n.arg(0), 0); err != nil {
			return value.Value{}, err
		}
		return sequenceOf(k.keys), n.ev.make(len(k.keys), itemSize)
	}},
	{"lookup", "<x-s:x>", 2, func(n native) (value.Value, *Error) {
		key, _ := n.arg(1).Str()
		return n.ev.lookup(n.arg(0), key)
	}},
	{"spread", "<x-:a<o>>", 1, func(n native) (value.Value, *Error) { return n.ev.spread(n.arg(0), 0) }},
	{"merge", "<a<o>:o>", 1, defined(merge)},
	{"each", "<o-f:a>", 2, each},
	{"sift", "<o-f?:o>", 2, sift},
}

// A keySet gathers the keys of objects in lists, each once.
type keySet struct {
	keys []value.Value
	seen map[string]bool
}

func (k *keySet) add(ev *evaluation, v value.Value, depth int) *Error {
	if depth > maxNesting {
		return overBudget(stackMessage)
	}
	if err := ev.spend(1 + v.Len()/8); err != nil {
		return err
	}
	for _, item := range v.Items() {
		if err := k.add(ev, item, depth+1); err != nil {
			return err
		}
	}
	for _, m := range v.Members() {
		if err := ev.spend(len(m.Key) / 256); err != nil {
			return err
		}
		if !k.seen[m.Key] {
			k.seen[m.Key] = true
			k.keys = append(k.keys, value.String(m.Key))
		}
	}
	return nil
}

func (ev *evaluation) spread(v value.Value, depth int) (value.Value, *Error) {
	if depth > maxNesting {
		return v, overBudget(stackMessage)
	}
	if err := ev.spend(1); err != nil {
		return v, err
	}
	switch v.Kind() {
	case value.KindList:
		var b builder
		mark := sequenceMark
		for _, item := range v.Items() {
			part, err := ev.spread(item, depth+1)
			if err != nil {
				return v, err
			}
			if part.IsUndefined() {
				continue
			}
			mark = 0 // appending a list makes one, in jsonata-js
			if err := b.flatten(ev, part); err != nil {
				return v, err
			}
		}
		return value.List(b.items...).WithMark(mark), ev.make(len(b.items), itemSize)
	case value.KindObject:
		objects := make([]value.Value, v.Len())
		for i, m := range v.Members() {
			objects[i] = value.Object(m)
		}
		return sequenceOf(objects), ev.make(len(objects), itemSize+memberSize)
	}
	return v, nil
}

func merge(n native) (value.Value, *Error) {
	items := n.args[0].Items()
	size := 0
	for _, item := range items {
		size += item.Len()
	}
	if err := n.ev.make(size, memberSize); err != nil {
		return value.Value{}, err
	}
	if err := n.ev.spend(size / 4); err != nil {
		return value.Value{}, err
	}
	members := make([]value.Member, 0, size)
	for _, item := range items {
		members = append(members, item.Members()...)
	}
	return value.Object(members...), nil
}

// entries returns what JavaScript iterates over with for-in.
func entries(v value.Value) []value.Member {
	if !isList(v) {
		return v.Members()
	}
	members := make([]value.Member, v.Len())
	for i, item := range v.Items() {
		members[i] = value.Member{Key: strconv.Itoa(i), Value: item}
	}
	return members
}

func each(n native) (value.Value, *Error) {
	c := n.caller(n.arg(1), 3)
	var b builder
	for _, m := range entries(n.arg(0)) {
		v, err := c.call(m.Value, value.String(m.Key), n.arg(0))
		if err != nil {
			return v, err
		}
		if !v.IsUndefined() {
			b.push(v)
		}
	}
	return sequenceOf(b.items), n.ev.make(len(b.items), itemSize)
}

func sift(n native) (value.Value, *Error) {
	if n.arg(0).IsUndefined() {
		return value.Value{}, nil
	}
	c := n.caller(n.arg(1), 3)
	var members []value.Member
	for _, m := range entries(n.arg(0)) {
		v, err := c.call(m.Value, value.String(m.Key), n.arg(0))
		if err != nil {
			return v, err
		}
		truth, err := n.ev.truthy(v)
		if err != nil {
			return v, err
		}
		if truth {
			members = append(members, m)
		}
	}
	if members == nil {
		return value.Value{}, nil
	}
	return value.Object(members...), n.ev.make(len(members), memberSize)
}
