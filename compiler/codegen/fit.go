package codegen

import (
	"fmt"
	"go/types"
	"reflect"
	"strings"
)

// A member is a member of the document that a struct is.
type member struct {
	name     string
	field    *types.Var
	optional bool
}

// members lists the members of a struct; the fields of embedded structs stand
// where the embedding does.
func members(t *types.Struct) []member {
	var all []member
	for i := range t.NumFields() {
		f := t.Field(i)
		name, options, _ := strings.Cut(reflect.StructTag(t.Tag(i)).Get("json"), ",")
		structure, embedded := f.Type().Underlying().(*types.Struct)
		_, symbol := symbolic(f.Type())
		switch {
		case f.Embedded() && name == "" && embedded && !symbol:
			all = append(all, members(structure)...)
			continue
		case !f.Exported() || name == "-" && options == "":
			continue
		case name == "":
			name = f.Name()
		}
		all = append(all, member{name, f, strings.Contains(options, "omit")})
	}
	return all
}

// symbolic returns the name and the argument of a type of package dsl.
func symbolic(t types.Type) (name string, ok bool) {
	named, isNamed := types.Unalias(t).(*types.Named)
	if !isNamed || !isDSL(named.Obj()) {
		return "", false
	}
	switch name := named.Obj().Name(); name {
	case "Value", "List", "Dict", "Optional", "None":
		return name, true
	}
	return "", false
}

func argument(t types.Type) types.Type { return types.Unalias(t).(*types.Named).TypeArgs().At(0) }

// misfits says in what the documents of a symbolic type and a plain one differ.
func (g *generator) misfits(symbol, plain types.Type, where string) []string {
	name, ok := symbolic(symbol)
	differ := []string{fmt.Sprintf("%s is %s, not %s", where, types.TypeString(plain, qualified), types.TypeString(symbol, qualified))}
	under := plain.Underlying()
	fits := true
	switch {
	case name == "Value":
		fits = scalarFits(argument(symbol), plain)
	case name == "Optional":
		pointer, isPointer := under.(*types.Pointer)
		if isPointer {
			plain = pointer.Elem()
		}
		return g.misfits(argument(symbol), plain, where)
	case name == "List":
		if array, isArray := under.(interface{ Elem() types.Type }); isArray && !isMap(under) {
			return g.misfits(argument(symbol), array.Elem(), where+"[]")
		}
		fits = false
	case name == "Dict":
		if m, isMap := under.(*types.Map); isMap {
			return g.misfits(argument(symbol), m.Elem(), where+"[]")
		}
		fits = false
	case !ok:
		return g.structMisfits(symbol, plain, where, differ)
	}
	if fits {
		return nil
	}
	return differ
}

func isMap(t types.Type) bool {
	_, ok := t.(*types.Map)
	return ok
}

func qualified(p *types.Package) string { return p.Name() }

// structMisfits compares structs member by member, and anything else by kind.
func (g *generator) structMisfits(symbol, plain types.Type, where string, differ []string) []string {
	want, ok := symbol.Underlying().(*types.Struct)
	if !ok {
		if types.Identical(symbol.Underlying(), plain.Underlying()) {
			return nil
		}
		return differ
	}
	have, ok := plain.Underlying().(*types.Struct)
	if !ok || isTime(plain) {
		return differ
	}
	if strings.Count(where, ".") > 20 { // a type that contains itself
		return nil
	}
	var all []string
	found := make(map[string]member)
	for _, m := range members(have) {
		found[m.name] = m
	}
	for _, m := range members(want) {
		other, ok := found[m.name]
		delete(found, m.name)
		name, _ := symbolic(m.field.Type())
		_, pointer := types.Unalias(underlying(other)).(*types.Pointer)
		switch {
		case !ok:
			all = append(all, fmt.Sprintf("it has no field for %q", m.name))
		case name != "Optional" && (other.optional || pointer) && !isJSON(m.field.Type()):
			all = append(all, fmt.Sprintf("%s.%s may be missing or null", where, other.field.Name()))
		default:
			all = append(all, g.misfits(m.field.Type(), other.field.Type(), where+"."+m.field.Name())...)
		}
	}
	for _, m := range members(have) {
		if _, left := found[m.name]; left {
			all = append(all, fmt.Sprintf("its field %s (%q) is missing", m.field.Name(), m.name))
		}
	}
	return all
}

func underlying(m member) types.Type {
	if m.field == nil {
		return nil
	}
	return m.field.Type().Underlying()
}

// isJSON reports whether t is dsl.JSON.
func isJSON(t types.Type) bool {
	name, _ := symbolic(t)
	if name != "Value" {
		return false
	}
	_, anything := argument(t).Underlying().(*types.Interface)
	return anything
}

// scalarFits reports whether a plain type has the documents of a dsl.Value of t.
func scalarFits(t, plain types.Type) bool {
	if _, anything := t.Underlying().(*types.Interface); anything || isTime(t) && isTime(plain) {
		return true
	}
	basic, ok := t.Underlying().(*types.Basic)
	text := ok && basic.Info()&types.IsString != 0
	if own := writesItself(plain); own != "" || isBytes(plain) {
		return text && own != "json"
	}
	have, also := plain.Underlying().(*types.Basic)
	if !ok || !also {
		return false
	}
	const kinds = types.IsString | types.IsBoolean | types.IsInteger | types.IsFloat
	return basic.Info()&kinds == have.Info()&kinds
}

// isBytes reports whether a type is written as base64.
func isBytes(t types.Type) bool {
	slice, ok := t.Underlying().(*types.Slice)
	if !ok {
		return false
	}
	basic, ok := slice.Elem().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Uint8
}

// writesItself tells whether a type has a method that writes its document: as
// "json" of any kind, or as a "text"; else it is empty.
func writesItself(t types.Type) string {
	if isTime(t) {
		return ""
	}
	switch {
	case hasMethod(t, "MarshalJSON"):
		return "json"
	case hasMethod(t, "MarshalText"):
		return "text"
	}
	return ""
}

func hasMethod(t types.Type, name string) bool {
	o, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	f, ok := o.(*types.Func)
	return ok && f.Signature().Params().Len() == 0 && f.Signature().Results().Len() == 2
}
