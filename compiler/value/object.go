package value

import (
	"sync"
	"unsafe"
)

// few is the number of members up to which looking through them all is as fast
// as an index.
const few = 16

// An object is an object with many members.
type object struct {
	members []Member
	once    sync.Once
	index   map[string]int
}

// Object returns an object of the members, in their order. Where a key comes
// twice the last value counts, in the place of the first. The slice must not be
// changed afterwards.
func Object(members ...Member) Value {
	if len(members) <= few {
		return fewMembers(members)
	}
	return manyMembers(members)
}

func fewMembers(members []Member) Value {
	for i := 1; i < len(members); i++ {
		if find(members[:i], members[i].Key) >= 0 {
			members = distinct(members)
			break
		}
	}
	return objectOf(members)
}

func manyMembers(members []Member) Value {
	o := &object{members: members}
	if index := o.lookup(); len(index) < len(members) {
		return objectOf(distinct(members))
	}
	return Value{p: o}
}

// objectOf returns the object of members that are known to be distinct.
func objectOf(members []Member) Value {
	if len(members) <= few {
		return Value{n: uint64(len(members)), p: memberData(unsafe.SliceData(members))}
	}
	return Value{p: &object{members: members}}
}

// distinct returns the members with the earlier of equal keys left out, in the
// places of the first.
func distinct(members []Member) []Member {
	index := make(map[string]int, len(members))
	kept := make([]Member, 0, len(members))
	for _, m := range members {
		if at, ok := index[m.Key]; ok {
			kept[at].Value = m.Value
			continue
		}
		index[m.Key] = len(kept)
		kept = append(kept, m)
	}
	return kept
}

func find(members []Member, key string) int {
	for i := range members {
		if members[i].Key == key {
			return i
		}
	}
	return -1
}

func (o *object) lookup() map[string]int {
	o.once.Do(func() {
		o.index = make(map[string]int, len(o.members))
		for i, m := range o.members {
			o.index[m.Key] = i
		}
	})
	return o.index
}

// Members returns the members of an object in order, nil for every other kind.
// They are shared: the slice must not be changed.
func (v Value) Members() []Member {
	switch p := v.p.(type) {
	case memberData:
		return unsafe.Slice((*Member)(p), int(v.n))
	case *object:
		return p.members
	}
	return nil
}

// Get returns the member of an object with that key. It is undefined where there
// is none, and for every other kind.
func (v Value) Get(key string) Value {
	if i := v.find(key); i >= 0 {
		return v.Members()[i].Value
	}
	return Value{}
}

// Has reports whether an object has that key.
func (v Value) Has(key string) bool { return v.find(key) >= 0 }

func (v Value) find(key string) int {
	switch p := v.p.(type) {
	case memberData:
		return find(unsafe.Slice((*Member)(p), int(v.n)), key)
	case *object:
		if i, ok := p.lookup()[key]; ok {
			return i
		}
	}
	return -1
}

// With returns an object in which key has the value x: in its place when the
// object has the key, else at the end. The receiver must be an object.
func (v Value) With(key string, x Value) Value {
	old := v.Members()
	members := make([]Member, len(old), len(old)+1)
	copy(members, old)
	if i := v.find(key); i >= 0 {
		members[i].Value = x
	} else {
		members = append(members, Member{key, x})
	}
	return objectOf(members)
}

// Without returns the object without that key.
func (v Value) Without(key string) Value {
	i := v.find(key)
	if i < 0 {
		return v
	}
	old := v.Members()
	members := make([]Member, 0, len(old)-1)
	members = append(append(members, old[:i]...), old[i+1:]...)
	return objectOf(members)
}
