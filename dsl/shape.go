package dsl

import (
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A shaped type is one of this package's: it says what it is to the compiler.
type shaped interface {
	shape() (kind spec.TypeKind, elem reflect.Type)
	expr() *spec.Expr
}

// A settable is a pointer to a shaped type.
type settable interface{ set(*spec.Expr) }

var scalars = map[reflect.Kind]spec.TypeKind{
	reflect.String: spec.String, reflect.Int: spec.Int, reflect.Float64: spec.Float, reflect.Bool: spec.Bool,
}

func (v Value[T]) shape() (spec.TypeKind, reflect.Type) {
	t := goType[T]()
	switch t {
	case goType[time.Time]():
		return spec.Time, nil
	case goType[any]():
		return spec.JSON, nil
	}
	return scalars[t.Kind()], t // "" when T is none of the scalar types
}

func (l List[T]) shape() (spec.TypeKind, reflect.Type)     { return spec.List, goType[T]() }
func (d Dict[T]) shape() (spec.TypeKind, reflect.Type)     { return spec.Dict, goType[T]() }
func (o Optional[T]) shape() (spec.TypeKind, reflect.Type) { return spec.Optional, goType[T]() }

func goType[T any]() reflect.Type { return reflect.TypeFor[T]() }

// known remembers the types already described: a fact about a Go type never
// changes, and one pointer per Go type is what makes "same type" an identity.
var known = struct {
	sync.RWMutex
	shapes map[reflect.Type]*shapeOf
}{shapes: make(map[reflect.Type]*shapeOf)}

// shapeOf is what this package knows of a Go type.
type shapeOf struct {
	typ    *spec.Type
	faults []fault
}

// A fault is a part of a type that a workflow cannot have.
type fault struct{ where, why, fix string }

// typeFor describes a Go type. Faults in it are reported where a workflow uses it.
func typeFor(t reflect.Type) *spec.Type { return shapeFor(t).typ }

func shapeFor(t reflect.Type) *shapeOf {
	known.RLock()
	s := known.shapes[t]
	known.RUnlock()
	if s != nil {
		return s
	}
	known.Lock()
	defer known.Unlock()
	return shape(t)
}

// shape describes t; known is locked. A type that contains itself through a
// List, Dict or Optional meets its own, still incomplete, description.
func shape(t reflect.Type) *shapeOf {
	if s := known.shapes[t]; s != nil {
		return s
	}
	s := &shapeOf{typ: &spec.Type{ID: fullName(t)}}
	known.shapes[t] = s
	switch v := reflect.New(t).Elem().Interface().(type) {
	case None:
		s.typ.Kind = spec.None
	case shaped:
		s.symbol(t, v)
	default:
		s.plain(t)
	}
	return s
}

func fullName(t reflect.Type) string {
	if t.PkgPath() == "" {
		return t.String()
	}
	return t.PkgPath() + "." + t.Name()
}

func (s *shapeOf) symbol(t reflect.Type, v shaped) {
	if t.PkgPath() != reflect.TypeFor[None]().PkgPath() {
		s.plain(t) // a struct that embeds a symbol has its methods
		return
	}
	kind, elem := v.shape()
	s.typ.Kind = kind
	switch {
	case kind == "":
		s.typ.Kind = spec.JSON
		s.blame("", "a Value of "+elem.String()+" is no type of JSON", "use a string, int, float64, bool or time.Time, or a type made of one")
	case kind == spec.List || kind == spec.Dict || kind == spec.Optional:
		inner := shape(elem)
		s.typ.Elem = inner.typ
		s.inherit("["+string(kind)+"]", inner)
	case elem != nil && elem.PkgPath() != "":
		s.typ.Package, s.typ.Name = elem.PkgPath(), elem.Name()
	}
}

func (s *shapeOf) plain(t reflect.Type) {
	s.typ.Kind = spec.Struct
	if t.Kind() != reflect.Struct {
		s.blame("", "its Go type is "+t.String(), "use a type of package dsl, such as "+suggest(t)+", or a struct of them")
		return
	}
	s.typ.Package, s.typ.Name = t.PkgPath(), t.Name()
	s.fields(t, nil)
}

// suggest names the symbolic type that someone who wrote t most likely wants.
func suggest(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "dsl.String"
	case reflect.Bool:
		return "dsl.Bool"
	case reflect.Float32, reflect.Float64:
		return "dsl.Float"
	case reflect.Slice, reflect.Array:
		return "dsl.List"
	case reflect.Map:
		return "dsl.Dict"
	case reflect.Pointer:
		return "dsl.Optional"
	case reflect.Interface:
		return "dsl.JSON"
	default:
		return "dsl.Int"
	}
}

func (s *shapeOf) fields(t reflect.Type, path []int) {
	for i := range t.NumField() {
		field := t.Field(i)
		at := append(path[:len(path):len(path)], i)
		name, options, tagged := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Name == "_" || field.Type == goType[None]():
			continue
		case field.Anonymous && name == "" && field.Type.Kind() == reflect.Struct && shape(field.Type).typ.Kind == spec.Struct:
			s.fields(field.Type, at)
			continue
		case !field.IsExported():
			s.blame(field.Name, "it is not exported, so it would be missing in the document", "begin its name with a capital letter")
			continue
		case name == "-":
			s.blame(field.Name, `the tag json:"-" leaves it out of the document`, "remove the field from the workflow's type")
			continue
		case tagged && options != "":
			s.blame(field.Name, "the tag option "+options+" has no meaning in a workflow", "remove it; use dsl.Optional for what may be missing")
		}
		if name == "" {
			name = field.Name
		}
		s.field(spec.Field{Name: field.Name, JSON: name, Path: at}, field.Type)
	}
}

func (s *shapeOf) field(f spec.Field, t reflect.Type) {
	for _, other := range s.typ.Fields {
		if other.JSON == f.JSON {
			s.blame(f.Name, "it has the same JSON name as "+other.Name+", "+f.JSON, "give one of them another name")
			return
		}
	}
	inner := shape(t)
	f.Type = inner.typ
	s.inherit(f.Name, inner)
	s.typ.Fields = append(s.typ.Fields, f)
}

func (s *shapeOf) blame(where, why, fix string) {
	s.faults = append(s.faults, fault{where, why, fix})
}

func (s *shapeOf) inherit(where string, inner *shapeOf) {
	for _, f := range inner.faults {
		if f.where != "" {
			f.where = "." + f.where
		}
		s.blame(where+f.where, f.why, f.fix)
	}
}

// symbol returns the T that stands for e: each of its fields is an expression.
func symbol[T any](e *spec.Expr) T {
	var x T
	fill(reflect.ValueOf(&x).Elem(), e)
	return x
}

func fill(v reflect.Value, e *spec.Expr) {
	if s, ok := v.Addr().Interface().(settable); ok && v.Type().PkgPath() == reflect.TypeFor[None]().PkgPath() {
		s.set(e)
		return
	}
	t := typeFor(v.Type())
	if t.Kind != spec.Struct || v.Kind() != reflect.Struct {
		return
	}
	of := []*spec.Expr{e}
	for i := range t.Fields {
		f := &t.Fields[i]
		fill(v.FieldByIndex(f.Path), &spec.Expr{Op: spec.OpField, Type: f.Type, Names: []string{f.JSON}, Args: of})
	}
}

// exprOf returns the expression for x, a symbol or a struct of symbols; nil for
// None. what names x in a complaint about a part of it that has no value.
func exprOf(x any, what string, pos spec.Pos) *spec.Expr {
	if _, none := x.(None); none || x == nil {
		return nil
	}
	return build(reflect.ValueOf(x), what, pos)
}

func build(v reflect.Value, what string, pos spec.Pos) *spec.Expr {
	t := typeFor(v.Type())
	if v.Type().PkgPath() == reflect.TypeFor[None]().PkgPath() {
		if s, ok := v.Interface().(Symbol); ok {
			return given(s.expr(), t, what, pos)
		}
	}
	if v.Kind() != reflect.Struct {
		return unset(t, what, pos) // a type that cannot be used; its faults are reported
	}
	e := &spec.Expr{Op: spec.OpStruct, Type: t, Pos: pos}
	e.Names, e.Args = slices.Grow(e.Names, len(t.Fields)), slices.Grow(e.Args, len(t.Fields))
	for i := range t.Fields {
		f := &t.Fields[i]
		e.Names = append(e.Names, f.JSON)
		e.Args = append(e.Args, build(v.FieldByIndex(f.Path), what+"."+f.Name, pos))
	}
	if whole := collapse(e); whole != nil {
		return whole
	}
	return e
}

func given(e *spec.Expr, t *spec.Type, what string, pos spec.Pos) *spec.Expr {
	switch {
	case e != nil:
		return e
	case t.Kind == spec.Optional:
		return &spec.Expr{Op: spec.OpAbsent, Type: t, Pos: pos}
	default:
		return unset(t, what, pos)
	}
}

func unset(t *spec.Type, what string, pos spec.Pos) *spec.Expr {
	fix := "give it a value"
	if t.Kind == spec.List {
		fix = "give it a value; an empty list is dsl.ListOf with no items"
	}
	return &spec.Expr{Op: spec.OpUnset, Type: t, Pos: pos, Problem: &spec.Problem{
		Code: "UNSET_VALUE", Message: what + " has no value", Fix: fix, Pos: pos,
	}}
}

// collapse returns the whole value that the struct e is a copy of, field by
// field, or nil. Only the same Go type collapses: a wider value would carry
// fields that the narrower type does not have.
func collapse(e *spec.Expr) *spec.Expr {
	if len(e.Args) == 0 || e.Args[0].Op != spec.OpField {
		return nil
	}
	whole := e.Args[0].Args[0]
	if whole.Type != e.Type {
		return nil
	}
	for i, arg := range e.Args {
		if arg.Op != spec.OpField || arg.Args[0] != whole || arg.Names[0] != e.Names[i] {
			return nil
		}
	}
	return whole
}
