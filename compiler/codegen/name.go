package codegen

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// Names that every generated package has.
var reserved = []string{"Tasks", "Stub"}

// names gives the declarations of the generated package their names. What comes
// from the package of workflows keeps its name, exported; others make way.
type names struct {
	of   map[types.Object]string
	used map[string]types.Object // nil: by the generator
}

// reserve keeps the names of the package's own types and constants for them.
func (g *generator) reserve() {
	for _, name := range reserved {
		g.names.used[name] = nil
	}
	scope := g.types.Scope()
	for _, exportedFirst := range []bool{true, false} {
		for _, name := range scope.Names() {
			o := scope.Lookup(name)
			if token.IsExported(name) != exportedFirst || !g.declares(o) {
				continue
			}
			if _, taken := g.names.used[exported(name)]; !taken {
				g.names.used[exported(name)] = o
				g.names.of[o] = exported(name)
			}
		}
	}
}

// declares reports whether something may become of a package-level object.
func (g *generator) declares(o types.Object) bool {
	switch o.(type) {
	case *types.TypeName:
		return true
	case *types.Const:
		_, named := types.Unalias(o.Type()).(*types.Named)
		return named
	case *types.Var:
		_, name := instance(o.Type(), "ErrorName")
		_, fault := instance(o.Type(), "Fault")
		return name || fault || slices.ContainsFunc(g.workflows, func(w Workflow) bool { return w.Variable == o.Name() })
	}
	return false
}

// nameOf returns the name of what becomes of o.
func (g *generator) nameOf(o types.Object) string {
	if name, ok := g.names.of[o]; ok {
		return name
	}
	name := exported(o.Name())
	if o.Pkg() == g.types && o.Parent() == g.types.Scope() {
		why := "generated code always has a " + name
		if other := g.names.used[name]; other != nil {
			why = other.Name() + " has that name too"
		}
		g.complain(diag.Diagnostic{
			Code: "GENERATED_NAME", Pos: g.position(o.Pos()), Fix: "give it another name",
			Message: fmt.Sprintf("%s would be %s in generated code, but %s", o.Name(), name, why),
		})
		return name
	}
	name = g.free(name, exported(o.Pkg().Name())+name)
	g.names.of[o], g.names.used[name] = name, o
	return name
}

// free returns the first name that is not in use, or the last one with a number.
func (g *generator) free(candidates ...string) string {
	for _, name := range candidates {
		if _, taken := g.names.used[name]; !taken {
			return name
		}
	}
	last := candidates[len(candidates)-1]
	for i := 2; ; i++ {
		name := fmt.Sprintf("%s%d", last, i)
		if _, taken := g.names.used[name]; !taken {
			return name
		}
	}
}

// exported returns the name with a capital letter at its beginning.
func exported(name string) string {
	first, size := utf8.DecodeRuneInString(name)
	if upper := unicode.ToUpper(first); unicode.IsUpper(upper) {
		return string(upper) + name[size:]
	}
	return "X" + name // such as _x
}

// unexported returns the name with a small letter at its beginning; an initialism
// at the beginning becomes small as a whole.
func unexported(name string) string {
	runes := []rune(name)
	for i := range runes {
		if i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) || !unicode.IsUpper(runes[i]) {
			break
		}
		runes[i] = unicode.ToLower(runes[i])
	}
	return string(runes)
}

// camel makes an exported Go name of any text: "check-stock" becomes CheckStock.
func camel(text string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(word[size:])
	}
	if name := b.String(); token.IsIdentifier(name) && token.IsExported(name) {
		return name
	}
	return "X" + b.String()
}

// identifier makes the name of a package of any text.
func identifier(text string) string {
	name := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
	if !token.IsIdentifier(name + "flow") {
		return "x" + name
	}
	return name
}
