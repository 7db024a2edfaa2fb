package codegen

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// typeOf finds the Go type that a spec tells of; nil for none. One that cannot
// be found by its name, such as a type declared in a function, is made of what
// the spec says.
func (g *generator) typeOf(t *spec.Type) types.Type {
	if t == nil || t.Kind == spec.None {
		return nil
	}
	if found, rest := g.parse(t.ID); found != nil && rest == "" {
		return found
	}
	return g.made(t)
}

var basics = map[spec.TypeKind]types.BasicKind{
	spec.String: types.String, spec.Int: types.Int, spec.Float: types.Float64, spec.Bool: types.Bool,
}

// made makes a type of its description.
func (g *generator) made(t *spec.Type) types.Type {
	switch t.Kind {
	case spec.List:
		return types.NewSlice(g.typeOf(t.Elem))
	case spec.Dict:
		return types.NewMap(types.Typ[types.String], g.typeOf(t.Elem))
	case spec.Optional:
		return types.NewPointer(g.typeOf(t.Elem))
	case spec.Struct:
		return g.madeStruct(t)
	}
	if kind, ok := basics[t.Kind]; ok {
		return types.Typ[kind]
	}
	if t.Kind == spec.Time {
		return types.NewNamed(types.NewTypeName(token.NoPos, types.NewPackage("time", "time"), "Time", nil), types.NewStruct(nil, nil), nil)
	}
	return types.NewInterfaceType(nil, nil)
}

func (g *generator) madeStruct(t *spec.Type) types.Type {
	if known := g.madeOf[t.ID]; known != nil {
		return known
	}
	var named *types.Named
	if t.Name != "" {
		named = types.NewNamed(types.NewTypeName(token.NoPos, g.types, camel(t.Name), nil), nil, nil)
		g.madeOf[t.ID] = named
	}
	var fields []*types.Var
	var tags []string
	for _, f := range t.Fields {
		typ, options := g.typeOf(f.Type), ""
		if typ == nil {
			typ = types.NewStruct(nil, nil)
		}
		if f.Type.Kind == spec.Optional {
			options = ",omitempty"
		}
		fields = append(fields, types.NewField(token.NoPos, g.types, f.Name, typ, false))
		tags = append(tags, fmt.Sprintf("json:%q", f.JSON+options))
	}
	structure := types.NewStruct(fields, tags)
	if named == nil {
		return structure
	}
	named.SetUnderlying(structure)
	return named
}

// parse reads the type at the beginning of Go's full name of it, such as
// example.com/m.Page[example.com/m.Item], and returns it with the rest of the
// text; nil when it is not known.
func (g *generator) parse(text string) (types.Type, string) {
	end := strings.IndexAny(text, "[],")
	if end < 0 {
		end = len(text)
	}
	name, rest := text[:end], text[end:]
	var o types.Object
	if dot := strings.LastIndexByte(name, '.'); dot < 0 {
		o = types.Universe.Lookup(name)
	} else if p := g.packageAt(name[:dot]); p != nil {
		o = p.Scope().Lookup(name[dot+1:])
	}
	if _, ok := o.(*types.TypeName); !ok {
		return nil, rest
	}
	if !strings.HasPrefix(rest, "[") {
		return o.Type(), rest
	}
	var arguments []types.Type
	for more := true; more; {
		var a types.Type
		if a, rest = g.parse(rest[1:]); a == nil || rest == "" {
			return nil, rest
		}
		arguments = append(arguments, a)
		more = rest[0] == ','
	}
	instance, err := types.Instantiate(nil, o.Type(), arguments, true)
	if err != nil || rest[0] != ']' {
		return nil, rest
	}
	return instance, rest[1:]
}

// packageAt returns the package of that path, if the source links it.
func (g *generator) packageAt(path string) *types.Package {
	if path == "main" { // the linker's name of the program's package
		return g.types
	}
	seen := make(map[*types.Package]bool)
	var visit func(p *types.Package) *types.Package
	visit = func(p *types.Package) *types.Package {
		if seen[p] || p.Path() == path {
			return map[bool]*types.Package{true: nil, false: p}[seen[p]]
		}
		seen[p] = true
		for _, i := range p.Imports() {
			if found := visit(i); found != nil {
				return found
			}
		}
		return nil
	}
	return visit(g.types)
}
