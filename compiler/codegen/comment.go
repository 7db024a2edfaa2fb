package codegen

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
)

// comments finds doc comments in the source. Files of other packages are parsed
// when they are needed; one that cannot be read just has no comments.
type comments struct {
	fset  *token.FileSet
	files map[string]*ast.File
}

func newComments(fset *token.FileSet, syntax []*ast.File) *comments {
	c := &comments{fset: fset, files: make(map[string]*ast.File)}
	for _, f := range syntax {
		c.files[fset.Position(f.FileStart).Filename] = f
	}
	return c
}

// file returns the syntax of a file, or nil. That of another package has
// positions in a file set of its own, which nobody needs.
func (c *comments) file(name string) *ast.File {
	f, ok := c.files[name]
	if !ok && name != "" {
		f, _ = parser.ParseFile(c.fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		c.files[name] = f
	}
	return f
}

// declarations calls visit for the specs of the file's package-level
// declarations, until it returns false.
func declarations(f *ast.File, visit func(*ast.GenDecl, ast.Spec) bool) {
	if f == nil {
		return
	}
	for _, d := range f.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, s := range group.Specs {
			if !visit(group, s) {
				return
			}
		}
	}
}

// value returns the declaration of a package-level constant or variable and its
// index among the names there, nil if it is not found.
func (c *comments) value(o types.Object) (group *ast.GenDecl, found *ast.ValueSpec, index int) {
	declarations(c.file(c.fset.Position(o.Pos()).Filename), func(g *ast.GenDecl, s ast.Spec) bool {
		v, ok := s.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range v.Names {
			if name.Name == o.Name() {
				group, found, index = g, v, i
			}
		}
		return found == nil
	})
	return group, found, index
}

// initial returns the expression that gives a package-level variable its value,
// or nil.
func (c *comments) initial(o types.Object) ast.Expr {
	_, v, i := c.value(o)
	if v == nil || len(v.Values) != len(v.Names) {
		return nil
	}
	return v.Values[i]
}

// ofValue returns the doc comment of a package-level constant or variable.
func (c *comments) ofValue(o types.Object) string {
	group, v, _ := c.value(o)
	if v == nil {
		return ""
	}
	return docText(group, v.Doc, v.Comment)
}

// at returns the name of the package-level variable whose declaration, without
// the functions in it, covers the line of the file, and its doc comment.
func (c *comments) at(file string, line int) (name, doc string) {
	covers := func(n ast.Node) bool {
		return c.fset.Position(n.Pos()).Line <= line && line <= c.fset.Position(n.End()).Line
	}
	declarations(c.file(file), func(g *ast.GenDecl, s ast.Spec) bool {
		v, ok := s.(*ast.ValueSpec)
		if !ok || !covers(v) {
			return true
		}
		inside := false
		for i, value := range v.Values {
			ast.Inspect(value, func(n ast.Node) bool {
				if f, ok := n.(*ast.FuncLit); ok && covers(f) && c.fset.Position(f.Pos()).Line < line {
					inside = true
				}
				return !inside
			})
			if covers(value) && i < len(v.Names) && name == "" {
				name, doc = v.Names[i].Name, docText(g, v.Doc, v.Comment)
			}
		}
		if inside {
			name, doc = "", ""
		}
		return name == ""
	})
	return name, doc
}

// ofType returns the doc comment of a type, its directives and its syntax.
func (c *comments) ofType(o types.Object) (doc string, directives []string, syntax ast.Expr) {
	line := c.fset.Position(o.Pos()).Line
	visit := func(g *ast.GenDecl, s ast.Spec) bool {
		t, ok := s.(*ast.TypeSpec)
		if !ok || t.Name.Name != o.Name() || c.fset.Position(t.Pos()).Line != line {
			return true
		}
		doc, syntax = docText(g, t.Doc, t.Comment), t.Type
		for _, group := range []*ast.CommentGroup{g.Doc, t.Doc} {
			directives = append(directives, directivesOf(group)...)
		}
		return false
	}
	declarations(c.file(c.fset.Position(o.Pos()).Filename), visit)
	return doc, directives, syntax
}

func directivesOf(group *ast.CommentGroup) []string {
	var all []string
	if group != nil {
		for _, line := range group.List {
			if text, ok := strings.CutPrefix(line.Text, "//stepsmith:"); ok {
				all = append(all, strings.TrimSpace(text))
			}
		}
	}
	return all
}

// docText is a doc comment; the comment of a group stands for its only member,
// and a comment at the end of the line for one above, as go doc has it.
func docText(group *ast.GenDecl, doc, trailing *ast.CommentGroup) string {
	if doc == nil && len(group.Specs) == 1 {
		doc = group.Doc
	}
	if doc == nil {
		doc = trailing
	}
	return strings.TrimSpace(doc.Text())
}

// renamed is a doc comment whose subject has another name now.
func renamed(doc, from, to string) string {
	for _, article := range []string{"", "A ", "An ", "The "} {
		if rest, ok := strings.CutPrefix(doc, article+from+" "); ok {
			return article + to + " " + rest
		}
	}
	return doc
}
