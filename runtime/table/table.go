// Package table has a map for what mostly has no more than one or two entries, such as
// the tasks that an execution waits for: those need no memory of their own.
package table

import "iter"

// A Table finds values by their keys. The zero Table is empty. It is not safe for
// concurrent use, and must not be copied after first use.
type Table[K comparable, V any] struct {
	few  [2]entry[K, V]
	many map[K]V
}

type entry[K comparable, V any] struct {
	used  bool
	key   K
	value V
}

// Set gives a key a value.
func (t *Table[K, V]) Set(key K, value V) {
	if e := t.find(key); e != nil {
		e.value = value
		return
	}
	if _, ok := t.many[key]; !ok {
		for i := range t.few {
			if e := &t.few[i]; !e.used {
				*e = entry[K, V]{true, key, value}
				return
			}
		}
	}
	if t.many == nil {
		t.many = make(map[K]V)
	}
	t.many[key] = value
}

// Get returns the value of a key, the zero value when it has none.
func (t *Table[K, V]) Get(key K) V {
	if e := t.find(key); e != nil {
		return e.value
	}
	return t.many[key]
}

// Remove takes a key away, if it is there.
func (t *Table[K, V]) Remove(key K) {
	if e := t.find(key); e != nil {
		*e = entry[K, V]{}
		return
	}
	delete(t.many, key)
}

// All iterates over the entries, in no particular order. Entries may be removed
// meanwhile.
func (t *Table[K, V]) All() iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		for i := range t.few {
			if e := t.few[i]; e.used && !yield(e.key, e.value) {
				return
			}
		}
		for key, value := range t.many {
			if !yield(key, value) {
				return
			}
		}
	}
}

func (t *Table[K, V]) find(key K) *entry[K, V] {
	for i := range t.few {
		if e := &t.few[i]; e.used && e.key == key {
			return e
		}
	}
	return nil
}
