package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// docs finds the doc comments of package-level variables.
type docs struct {
	fset  *token.FileSet
	files []*ast.File
}

func docsOf(fset *token.FileSet, files []*ast.File) docs { return docs{fset, files} }

// variable returns the doc comment of the variable whose name stands at pos.
func (d docs) variable(pos token.Pos) string {
	return d.find(func(v *ast.ValueSpec) bool { return v.Pos() <= pos && pos < v.End() })
}

// line returns the doc comment of the variable whose declaration, without the
// functions in it, covers a line: a task made inside a workflow function is not
// documented by the workflow's comment.
func (d docs) line(line int) string {
	covers := func(n ast.Node) bool {
		return d.fset.Position(n.Pos()).Line <= line && line <= d.fset.Position(n.End()).Line
	}
	return d.find(func(v *ast.ValueSpec) bool {
		found := covers(v)
		ast.Inspect(v, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncLit); ok && covers(f) {
				found = false
			}
			return found
		})
		return found
	})
}

func (d docs) find(match func(*ast.ValueSpec) bool) string {
	for _, file := range d.files {
		for _, decl := range file.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, s := range group.Specs {
				if v := s.(*ast.ValueSpec); match(v) {
					return docText(group, v)
				}
			}
		}
	}
	return ""
}

// docText returns the first paragraph of a variable's doc comment in one line.
// The comment of a group stands for its only member, as go doc has it.
func docText(group *ast.GenDecl, v *ast.ValueSpec) string {
	comment := v.Doc
	if comment == nil && len(group.Specs) == 1 {
		comment = group.Doc
	}
	paragraph, _, _ := strings.Cut(strings.TrimSpace(comment.Text()), "\n\n")
	return strings.Join(strings.Fields(paragraph), " ")
}

// document fills in the doc comments of a workflow and of the tasks that it
// calls. Tasks may come from any package; their files are parsed as needed, and
// one that cannot be read just gives no comment.
func document(w *spec.Workflow, doc string, parsed map[string]docs) {
	w.Doc = doc
	for _, task := range w.Tasks {
		file := task.Pos.File
		if file == "" {
			continue
		}
		d, ok := parsed[file]
		if !ok {
			fset := token.NewFileSet()
			if f, err := parser.ParseFile(fset, file, nil, parser.ParseComments|parser.SkipObjectResolution); err == nil {
				d = docsOf(fset, []*ast.File{f})
			}
			parsed[file] = d
		}
		task.Doc = d.line(task.Pos.Line)
	}
}
