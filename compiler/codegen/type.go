package codegen

import (
	"cmp"
	"go/ast"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"golang.org/x/tools/go/packages"
)

// A declaration is a type of the generated package.
type declaration struct {
	object types.Object
	code   []jen.Code
}

// plain is the plain Go type for a symbolic one: string for dsl.String, a slice
// for a List, a pointer for an Optional.
func (g *generator) plain(t types.Type) jen.Code {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		return g.named(t)
	case *types.Basic:
		return jen.Id(t.Name())
	case *types.TypeParam:
		return jen.Id(t.Obj().Name())
	case *types.Struct:
		return jen.Struct(g.fields(t, nil)...)
	case *types.Slice:
		return jen.Index().Add(g.plain(t.Elem()))
	case *types.Map:
		return jen.Map(g.plain(t.Key())).Add(g.plain(t.Elem()))
	case *types.Pointer:
		return jen.Op("*").Add(g.plain(t.Elem()))
	}
	return jen.Qual("encoding/json", "RawMessage")
}

func (g *generator) named(t *types.Named) jen.Code {
	o := t.Obj()
	if o.Pkg() == nil {
		return jen.Id(o.Name())
	}
	if isDSL(o) {
		switch o.Name() {
		case "Value":
			return g.plain(t.TypeArgs().At(0))
		case "List":
			return jen.Index().Add(g.plain(t.TypeArgs().At(0)))
		case "Dict":
			return jen.Map(jen.String()).Add(g.plain(t.TypeArgs().At(0)))
		case "Optional":
			return jen.Op("*").Add(g.plain(t.TypeArgs().At(0)))
		case "None":
			return jen.Qual(flowPath, "None")
		}
	}
	if use, ok := g.existing(o); ok {
		return use
	}
	if _, structure := t.Underlying().(*types.Struct); !structure && !g.mustCopy(o) || isTime(t) {
		g.imported[o.Pkg().Path()] = o.Pkg().Name()
		return jen.Qual(o.Pkg().Path(), o.Name())
	}
	id := jen.Id(g.declare(t.Origin().Obj()))
	if t.TypeArgs().Len() == 0 {
		return id
	}
	var arguments []jen.Code
	for a := range t.TypeArgs().Types() {
		arguments = append(arguments, g.plain(a))
	}
	return id.Types(arguments...)
}

func isTime(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time" && named.Obj().Name() == "Time"
}

// declare notes that a named type is needed, and returns its name.
func (g *generator) declare(o types.Object) string {
	if !slices.ContainsFunc(g.declared, func(d declaration) bool { return d.object == o }) && !slices.Contains(g.pending, o) {
		g.pending = append(g.pending, o)
	}
	return g.nameOf(o)
}

// mustCopy reports whether generated code cannot use the type where it is: it is
// not exported, or its package links dsl, or is a program.
func (g *generator) mustCopy(o types.Object) bool {
	return !o.Exported() || o.Pkg() == g.types || o.Pkg().Name() == "main" || o.Parent() != o.Pkg().Scope() || g.linksDSL(o.Pkg().Path())
}

// linksDSL reports whether a package that the source imports links package dsl.
func (g *generator) linksDSL(path string) bool {
	if len(g.links) == 0 {
		var visit func(p *packages.Package) bool
		visit = func(p *packages.Package) bool {
			if links, ok := g.links[p.PkgPath]; ok {
				return links
			}
			g.links[p.PkgPath] = p.PkgPath == dslPath
			for _, i := range p.Imports {
				if visit(i) {
					g.links[p.PkgPath] = true
				}
			}
			return g.links[p.PkgPath]
		}
		visit(g.source)
	}
	return g.links[path]
}

// findTypes declares all types that are used, those that they use included.
func (g *generator) findTypes() {
	for _, w := range g.workflows {
		in, out := g.borders(w)
		g.document(in)
		g.document(out)
	}
	for _, t := range g.tasks {
		g.signature(t)
	}
	for _, e := range g.errors {
		if e.cause != nil {
			g.plain(e.cause)
		}
	}
	for len(g.pending) > 0 {
		o := g.pending[0]
		g.pending = g.pending[1:]
		d := declaration{object: o}
		g.declared = append(g.declared, d)
		g.declared[len(g.declared)-1].code = g.declaration(o)
	}
	// The user's order; what comes from other packages stands last.
	rank := func(d declaration) string {
		if d.object.Pkg() == g.types {
			return ""
		}
		return d.object.Pkg().Path()
	}
	slices.SortStableFunc(g.declared, func(a, b declaration) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(g.place(a.object), g.place(b.object)), cmp.Compare(a.object.Pos(), b.object.Pos()))
	})
}

// place is the file of an object: positions alone depend on the order of parsing.
func (g *generator) place(o types.Object) string { return g.source.Fset.Position(o.Pos()).Filename }

func (g *generator) renderTypes(f *jen.File) {
	for _, d := range g.declared {
		for _, c := range d.code {
			f.Add(c)
		}
		f.Line()
	}
}

// declaration writes the declaration of a named type; that of an enum with its
// constants.
func (g *generator) declaration(o types.Object) []jen.Code {
	named := o.Type().(*types.Named)
	doc, _, syntax := g.comments.ofType(o)
	code := []jen.Code{comment(renamed(doc, o.Name(), g.nameOf(o)))}
	declared := jen.Type().Id(g.nameOf(o))
	structure, ok := named.Underlying().(*types.Struct)
	if !ok {
		return append(append(code, declared.Add(g.plain(named.Underlying()))), g.constants(o)...)
	}
	if named.TypeParams().Len() > 0 {
		declared = declared.Types(g.parameters(named.TypeParams())...)
	}
	fields, _ := syntax.(*ast.StructType)
	return append(code, declared.Struct(g.fields(structure, fields)...))
}

// parameters declares type parameters.
func (g *generator) parameters(list *types.TypeParamList) []jen.Code {
	var all []jen.Code
	for p := range list.TypeParams() {
		all = append(all, jen.Id(p.Obj().Name()).Add(g.constraint(p.Constraint())))
	}
	return all
}

// constraint is the plain form of a type parameter's constraint: its type set
// where that is one of plain types, else any.
func (g *generator) constraint(t types.Type) jen.Code {
	i, ok := t.Underlying().(*types.Interface)
	if !ok || i.NumEmbeddeds() != 1 || i.NumMethods() > 0 {
		if ok && i.IsComparable() {
			return jen.Comparable()
		}
		return jen.Any()
	}
	union, ok := types.Unalias(i.EmbeddedType(0)).(*types.Union)
	if !ok {
		return g.constraint(i.EmbeddedType(0))
	}
	var terms []jen.Code
	for term := range union.Terms() {
		if _, basic := types.Unalias(term.Type()).(*types.Basic); !basic {
			return jen.Any()
		}
		code := jen.Null()
		if term.Tilde() {
			code = jen.Op("~")
		}
		terms = append(terms, code.Add(g.plain(term.Type())))
	}
	return jen.Union(terms...)
}

// fields writes the fields of a struct. syntax, which may be nil, has their
// comments.
func (g *generator) fields(t *types.Struct, syntax *ast.StructType) []jen.Code {
	comments := make(map[string]*ast.Field)
	if syntax != nil {
		for _, f := range syntax.Fields.List {
			for _, name := range f.Names {
				comments[name.Name] = f
			}
		}
	}
	var fields []jen.Code
	for i := range t.NumFields() {
		f := t.Field(i)
		if f.Name() == "_" {
			continue
		}
		note := comments[f.Name()]
		if note != nil && note.Doc != nil {
			if len(fields) > 0 {
				fields = append(fields, jen.Line())
			}
			fields = append(fields, comment(strings.TrimSpace(note.Doc.Text())))
		}
		code := jen.Null()
		if !f.Embedded() {
			code = jen.Id(f.Name())
		}
		code.Add(g.plain(f.Type()))
		if tags := tagsOf(t.Tag(i), f); len(tags) > 0 {
			code.Tag(tags)
		}
		if note != nil && note.Comment != nil {
			code.Comment(strings.TrimSpace(note.Comment.Text()))
		}
		fields = append(fields, code)
	}
	return fields
}

var tagPair = regexp.MustCompile(`([^\s:"]+):"((?:[^"\\]|\\.)*)"`)

// tagsOf returns the tags of a field; what is optional is left out when it is nil.
func tagsOf(tag string, f *types.Var) map[string]string {
	tags := make(map[string]string)
	for _, pair := range tagPair.FindAllStringSubmatch(tag, -1) {
		tags[pair[1]] = pair[2]
	}
	if _, optional := instance(f.Type(), "Optional"); optional {
		name, _, _ := strings.Cut(tags["json"], ",")
		tags["json"] = name + ",omitempty"
	}
	return tags
}

// values returns the exported constants of an enum; none for another type.
func (g *generator) values(enum types.Object) []types.Object {
	if _, structure := enum.Type().Underlying().(*types.Struct); structure {
		return nil
	}
	return slices.DeleteFunc(variables(enum.Pkg()), func(o types.Object) bool {
		_, constant := o.(*types.Const)
		return !constant || !o.Exported() || !types.Identical(o.Type(), enum.Type())
	})
}

// constants writes the constants of an enum.
func (g *generator) constants(enum types.Object) []jen.Code {
	var all []jen.Code
	for _, c := range g.values(enum) {
		if doc := g.comments.ofValue(c); doc != "" {
			all = append(all, comment(doc))
		}
		all = append(all, jen.Id(g.nameOf(c)).Id(g.nameOf(enum)).Op("=").Op(c.(*types.Const).Val().ExactString()))
	}
	if len(all) == 0 {
		return nil
	}
	return []jen.Code{jen.Line(), comment("The values of " + g.nameOf(enum) + "."), jen.Const().Defs(all...)}
}

// inWords names a type in a doc comment, with a link where there is a page.
func (g *generator) inWords(t types.Type) string {
	if t == nil {
		return "nothing"
	}
	text := strings.TrimSpace(jen.Add(g.plain(t)).GoString())
	if named, ok := types.Unalias(t).(*types.Named); ok && !isDSL(named.Obj()) && named.TypeArgs().Len() == 0 {
		return article(text) + " [" + text + "]"
	}
	return text
}

func article(noun string) string {
	if strings.ContainsRune("AEIOU", rune(noun[0])) {
		return "an"
	}
	return "a"
}
