package codegen

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/types"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/go/packages"
)

// ShapesFile is the file that [Shapes] makes.
const ShapesFile = "shapes.go"

// Shapes makes the symbolic twins of plain structs, and of the structs that they
// have in them, for a package of workflows: each twin is marked as such, so that
// generated code uses the plain struct for it. from has the packages with the
// structs, named by import path, dot and name; into is the folder of the package
// of workflows, name its name.
func Shapes(from []*packages.Package, structs []string, into, name string) ([]File, diag.List) {
	s := &shaper{names: make(map[types.Object]string), used: make(map[string]bool), imported: map[string]string{dslPath: "dsl"}}
	f := jen.NewFile(name)
	f.HeaderComment(strings.TrimSuffix(Header, "\n"))
	for _, target := range structs {
		if o := s.find(from, target); o != nil {
			s.twin(o)
		}
	}
	for i := 0; i < len(s.queue); i++ { // grows
		s.render(f, s.queue[i])
	}
	if s.list.HasErrors() {
		return nil, s.list
	}
	f.ImportNames(s.imported)
	var b bytes.Buffer
	err := f.Render(&b)
	source := b.Bytes()
	if err == nil {
		source, err = tidy(source)
	}
	if err != nil {
		return nil, diag.List{{Code: "GENERATE", Message: "the generated code is no Go: " + err.Error()}}
	}
	return []File{{filepath.Join(into, ShapesFile), source}}, s.list
}

// A shaper makes symbolic structs of plain ones.
type shaper struct {
	comments *comments
	names    map[types.Object]string
	used     map[string]bool
	imported map[string]string // names of packages by their paths
	queue    []types.Object
	list     diag.List
}

func (s *shaper) find(from []*packages.Package, target string) types.Object {
	name := strings.TrimPrefix(path.Ext(target), ".")
	for _, p := range from {
		if p.PkgPath != strings.TrimSuffix(target, path.Ext(target)) {
			continue
		}
		if s.comments == nil {
			s.comments = newComments(p.Fset, p.Syntax)
		}
		if o, ok := p.Types.Scope().Lookup(name).(*types.TypeName); ok && o.Exported() {
			if _, structure := o.Type().Underlying().(*types.Struct); structure {
				return o
			}
		}
	}
	s.list = append(s.list, diag.Diagnostic{
		Code: "NO_SUCH_TYPE", Message: "there is no struct " + target, Fix: "write the import path of its package, a dot and its name",
	})
	return nil
}

// twin returns the name of a struct's twin.
func (s *shaper) twin(o types.Object) string {
	if name, ok := s.names[o]; ok {
		return name
	}
	name := o.Name()
	if s.used[name] {
		name = exported(o.Pkg().Name()) + name
	}
	s.names[o], s.used[name] = name, true
	s.queue = append(s.queue, o)
	return name
}

func (s *shaper) render(f *jen.File, o types.Object) {
	doc, _, syntax := s.comments.ofType(o)
	directive := "//stepsmith:" + typeDirective + o.Pkg().Path() + "." + o.Name()
	if doc != "" {
		directive = lines(renamed(doc, o.Name(), s.names[o])) + "\n//\n" + directive
	}
	fields, _ := syntax.(*ast.StructType)
	f.Add(jen.Comment(directive))
	f.Type().Id(s.names[o]).Struct(s.fields(o.Type().Underlying().(*types.Struct), fields, o)...)
	f.Line()
}

func (s *shaper) fields(t *types.Struct, syntax *ast.StructType, owner types.Object) []jen.Code {
	docs := make(map[string]*ast.Field)
	if syntax != nil {
		for _, f := range syntax.Fields.List {
			for _, name := range f.Names {
				docs[name.Name] = f
			}
		}
	}
	var fields []jen.Code
	for i := range t.NumFields() {
		f := t.Field(i)
		name, options, _ := strings.Cut(reflect.StructTag(t.Tag(i)).Get("json"), ",")
		_, structure := f.Type().Underlying().(*types.Struct)
		embedded := f.Embedded() && name == "" && structure
		if name == "-" && options == "" || !f.Exported() && !embedded {
			continue
		}
		if doc := docs[f.Name()]; doc != nil && doc.Doc != nil {
			fields = append(fields, comment(strings.TrimSpace(doc.Doc.Text())))
		}
		shape := s.shape(f.Type(), owner, f)
		_, pointer := f.Type().(*types.Pointer)
		switch {
		case slices.Contains(strings.Split(options, ","), "string"):
			shape = jen.Qual(dslPath, "String")
		case strings.Contains(options, "omit") && !pointer:
			shape = jen.Qual(dslPath, "Optional").Types(shape)
		}
		code := jen.Add(shape)
		if !embedded {
			code = jen.Id(f.Name()).Add(shape)
		}
		if name != "" {
			code.Tag(map[string]string{"json": name})
		}
		if doc := docs[f.Name()]; doc != nil && doc.Comment != nil {
			code.Comment(strings.TrimSpace(doc.Comment.Text()))
		}
		fields = append(fields, code)
	}
	return fields
}

// shape is the symbolic type for a plain one.
func (s *shaper) shape(t types.Type, owner types.Object, field *types.Var) jen.Code {
	t = types.Unalias(t)
	named, isNamed := t.(*types.Named)
	switch {
	case isTime(t):
		return jen.Qual(dslPath, "Time")
	case isNamed && writesItself(t) == "json":
		return jen.Qual(dslPath, "JSON")
	case isNamed && writesItself(t) == "text":
		return jen.Qual(dslPath, "String")
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if scalar := s.scalar(u, named); scalar != nil {
			return scalar
		}
	case *types.Interface:
		return jen.Qual(dslPath, "JSON")
	case *types.Pointer:
		return jen.Qual(dslPath, "Optional").Types(s.shape(u.Elem(), owner, field))
	case *types.Slice, *types.Array:
		elem := u.(interface{ Elem() types.Type }).Elem()
		if basic, ok := elem.Underlying().(*types.Basic); ok && basic.Kind() == types.Uint8 {
			return jen.Qual(dslPath, "String")
		}
		return jen.Qual(dslPath, "List").Types(s.shape(elem, owner, field))
	case *types.Map:
		return jen.Qual(dslPath, "Dict").Types(s.shape(u.Elem(), owner, field))
	case *types.Struct:
		if isNamed && named.TypeArgs().Len() == 0 {
			return jen.Id(s.twin(named.Obj()))
		}
		if !isNamed {
			return jen.Struct(s.fields(u, nil, owner)...)
		}
	}
	s.list = append(s.list, diag.Diagnostic{
		Code: "NO_SHAPE", Message: fmt.Sprintf("%s.%s is %s, which has no symbolic type", owner.Name(), field.Name(), types.TypeString(field.Type(), qualified)),
		Fix: `leave the field out of the document with the tag json:"-", or write the twin by hand`,
	})
	return jen.Null()
}

// scalar is the symbolic type for a basic one; the user's own type stays where the
// DSL has values of it.
func (s *shaper) scalar(basic *types.Basic, named *types.Named) jen.Code {
	use := ""
	switch info := basic.Info(); {
	case info&types.IsString != 0:
		use = "String"
	case info&types.IsBoolean != 0:
		use = "Bool"
	case info&types.IsInteger != 0:
		use = "Int"
	case info&types.IsFloat != 0:
		use = "Float"
	default:
		return nil
	}
	if named == nil || !named.Obj().Exported() {
		return jen.Qual(dslPath, use)
	}
	s.imported[named.Obj().Pkg().Path()] = named.Obj().Pkg().Name()
	switch own := jen.Qual(named.Obj().Pkg().Path(), named.Obj().Name()); basic.Kind() {
	case types.String:
		return jen.Qual(dslPath, "Enum").Types(own)
	case types.Int, types.Float64, types.Bool:
		return jen.Qual(dslPath, "Value").Types(own)
	}
	return jen.Qual(dslPath, use)
}
