package dsl

import (
	"maps"
	"slices"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// DictOf is a dict of the given members, in the order of their keys.
//
//go:noinline
func DictOf[T any](members map[string]T) Dict[T] {
	pos := here()
	e := &spec.Expr{Op: spec.OpDict, Type: typeFor(goType[Dict[T]]()), Pos: pos}
	for _, key := range slices.Sorted(maps.Keys(members)) {
		e.Names = append(e.Names, key)
		e.Args = append(e.Args, args(exprOf(members[key], "the member "+key, pos))...)
	}
	return Dict[T]{e: e}
}

// Lookup is the member with that key, if there is one.
//
//go:noinline
func Lookup[T any, K Text](dict Dict[T], key K) Optional[T] {
	return Optional[T]{e: &spec.Expr{Op: spec.OpLookup, Type: typeFor(goType[Optional[T]]()), Args: args(dict.e, textOf(key)), Pos: here()}}
}

// Keys is the list of the dict's keys, in the order of the document.
//
//go:noinline
func Keys[T any](dict Dict[T]) List[String] {
	return List[String]{e: &spec.Expr{Op: spec.OpKeys, Type: typeFor(goType[List[String]]()), Args: args(dict.e), Pos: here()}}
}

// Put is the dict with the member added or replaced.
//
//go:noinline
func Put[T any, K Text](dict Dict[T], key K, x T) Dict[T] {
	pos := here()
	list := args(dict.e, textOf(key), exprOf(x, "the member", pos))
	return Dict[T]{e: &spec.Expr{Op: spec.OpPut, Type: typeFor(goType[Dict[T]]()), Args: list, Pos: pos}}
}
