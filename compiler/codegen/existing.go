package codegen

import (
	"fmt"
	"go/types"
	"path"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/go/packages"
)

// typeDirective stands above a symbolic type for which the user has a plain one:
//
//	//stepsmith:type example.com/shop/model.Address
const typeDirective = "type "

// Existing returns the import paths of the packages whose types the directives of
// a package name. [Generate] wants those packages in Package.Existing.
func Existing(p *packages.Package) []string {
	var paths []string
	for _, f := range p.Syntax {
		for _, group := range f.Comments {
			for _, d := range directivesOf(group) {
				if target, ok := strings.CutPrefix(d, typeDirective); ok {
					paths = append(paths, strings.TrimSuffix(target, path.Ext(target)))
				}
			}
		}
	}
	return paths
}

// existing returns the type that the user has for a symbolic one, if its
// declaration names one.
func (g *generator) existing(o types.Object) (jen.Code, bool) {
	_, directives, _ := g.comments.ofType(o)
	for _, d := range directives {
		target, ok := strings.CutPrefix(d, typeDirective)
		if !ok {
			continue
		}
		name := strings.TrimPrefix(path.Ext(target), ".")
		from := strings.TrimSuffix(target, path.Ext(target))
		plain := g.lookUp(o, target, from, name)
		if plain == nil {
			return jen.Null(), true // it was complained about
		}
		g.imported[from] = plain.Pkg().Name()
		g.compare(o, plain)
		return jen.Qual(from, name), true
	}
	return nil, false
}

func (g *generator) lookUp(o types.Object, target, from, name string) types.Object {
	for _, p := range g.plainTypes {
		if p.Path() != from {
			continue
		}
		if plain, ok := p.Scope().Lookup(name).(*types.TypeName); ok && plain.Exported() {
			return plain
		}
	}
	g.complain(diag.Diagnostic{
		Code: "NO_SUCH_TYPE", Pos: g.position(o.Pos()), Message: "there is no type " + target,
		Fix: "write the import path, a dot and the name of an exported type that is no alias of this one",
	})
	return nil
}

// compare complains where the documents of a symbolic struct and of the user's
// type for it differ.
func (g *generator) compare(o, plain types.Object) {
	if g.compared[o] {
		return
	}
	g.compared[o] = true
	for _, why := range g.misfits(o.Type(), plain.Type(), o.Name()) {
		g.complain(diag.Diagnostic{
			Code: "TYPES_DIFFER", Pos: g.position(o.Pos()), Message: fmt.Sprintf("%s.%s is no %s: %s", plain.Pkg().Name(), plain.Name(), o.Name(), why),
			Fix: "let the two have the same JSON names and types; stepsmith generate --shapes writes the symbolic one",
		})
	}
}
