// Package stepsmith_test keeps the rules of the house: which package may import
// which. The rules are data, below; RATIONALE.md says why they are as they are.
package stepsmith_test

import (
	"bufio"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/stepsmith-dev/stepsmith"

// A rule says what a package may import beyond the standard library. Names of
// this module's packages are relative to its root.
type rule struct {
	imports []string // packages of this module; "*" is any
	modules []string // packages of other modules, with all below them
}

func may(imports ...string) rule { return rule{imports: imports} }

func (r rule) and(modules ...string) rule {
	r.modules = modules
	return r
}

// anything is for the outermost layer, which nothing else imports.
var anything = rule{imports: []string{"*"}, modules: []string{""}}

// rules has an entry for each package; one that ends in "/..." is for all
// packages below it that have none of their own.
var rules = map[string]rule{
	"dsl/spec": may(),
	"dsl":      may("dsl/spec"),

	"compiler/diag":                   may(),
	"compiler/value":                  may(),
	"compiler/jsonata":                may("compiler/value", "compiler/diag", "compiler/jsonata/internal/regex"),
	"compiler/jsonata/internal/regex": may(),
	"compiler/jsonpath":               may("compiler/value", "compiler/diag"),
	"compiler/intrinsic":              may("compiler/value", "compiler/diag", "compiler/jsonpath"),
	"compiler/asl":                    may("compiler/diag", "compiler/value", "compiler/jsonata", "compiler/jsonpath", "compiler/intrinsic").and("go.yaml.in/yaml/v3"),
	"compiler/check":                  may("dsl/spec", "compiler/asl", "compiler/diag"),
	"compiler/lower":                  may("dsl/spec", "compiler/asl", "compiler/diag", "compiler/value"),
	"compiler/graph":                  may("compiler/asl", "compiler/value", "compiler/diag", "compiler/jsonata", "compiler/jsonpath", "compiler/intrinsic"),
	"compiler":                        may("dsl/spec", "compiler/diag", "compiler/value", "compiler/asl", "compiler/check", "compiler/lower", "compiler/graph"),
	"compiler/report":                 may("compiler/asl", "compiler/diag", "compiler/graph", "compiler/value"),
	"compiler/analyzer":               may("compiler/diag").and("golang.org/x/tools/go"),
	"compiler/load":                   may("dsl/spec", "compiler/diag", "compiler/load/child").and("golang.org/x/tools/go/packages"),
	"compiler/load/child":             may("runtime/task"),
	"compiler/codegen":                may("dsl/spec", "compiler/asl", "compiler/diag", "compiler/value").and("github.com/dave/jennifer", "golang.org/x/tools/go"),

	"runtime/history":         may("compiler/value"),
	"runtime/task":            may(),
	"runtime/flow":            may("runtime/task"),
	"runtime/interp":          may("compiler/graph", "compiler/value", "runtime/history", "runtime/table"),
	"runtime/table":           may(),
	"runtime/clock":           may("runtime/table"),
	"runtime/invoke":          may("compiler/graph", "compiler/value", "runtime/interp", "runtime/table", "runtime/task"),
	"runtime/express":         may("compiler/graph", "compiler/value", "runtime/history", "runtime/interp", "runtime/task", "runtime/clock", "runtime/invoke", "runtime/maprun", "runtime/objects", "runtime/store", "runtime/table"),
	"runtime/objects":         may(),
	"runtime/objects/s3":      may("runtime/objects").and("github.com/aws"),
	"runtime/maprun":          may("compiler/asl", "compiler/graph", "compiler/value", "runtime/history", "runtime/interp", "runtime/objects"),
	"runtime/conformance":     may("compiler/asl", "compiler/diag", "compiler/graph", "compiler/value", "runtime/history", "runtime/interp", "runtime/objects", "runtime/replay", "runtime/teststate"),
	"runtime/replay":          may("compiler/asl", "compiler/graph", "compiler/value", "runtime/history", "runtime/interp", "runtime/maprun", "runtime/objects"),
	"runtime/teststate":       may("compiler/asl", "compiler/graph", "compiler/value", "runtime/history", "runtime/interp"),
	"runtime/store":           may(),
	"runtime/store/memory":    may("runtime/store"),
	"runtime/store/sqlite":    may("runtime/store").and("modernc.org/sqlite"),
	"runtime/store/storetest": may("runtime/store").and("github.com/google/go-cmp"),
	"runtime/standard":        may("compiler/graph", "compiler/value", "runtime/history", "runtime/interp", "runtime/task", "runtime/clock", "runtime/invoke", "runtime/express", "runtime/maprun", "runtime/objects", "runtime/store", "runtime/table"),
	"runtime/telemetry":       may("runtime/history", "runtime/task").and("go.opentelemetry.io/otel"),
	"runtime/wftest":          may("compiler/graph", "compiler/value", "runtime", "runtime/clock", "runtime/express", "runtime/flow", "runtime/history", "runtime/interp", "runtime/objects", "runtime/task"),
	"runtime":                 may("compiler/asl", "compiler/graph", "compiler/value", "runtime/..."),
	"cmd/...":                 anything,
	"examples/...":            may("dsl", "runtime/...", "examples/..."),
}

// light has the packages that must stay free of some others, directly or not:
// what users link into small programs.
var light = map[string]func(imported string) bool{
	"dsl":          foreign,
	"runtime/flow": foreign,
	"runtime/task": foreign,
	"runtime":      driver,
}

// symbolic reports whether a package is the DSL, which generated code replaces.
func symbolic(imported string) bool { return strings.HasPrefix(imported, module+"/dsl") }

// heavy reports whether a package is of no use to those who only do tasks, in a
// Lambda function for example: the DSL, the compiler, the engines.
func heavy(imported string) bool {
	return foreign(imported) || symbolic(imported) || strings.HasPrefix(imported, module+"/compiler/") || imported == module+"/runtime"
}

// foreign reports whether a package is of another module.
func foreign(imported string) bool { return !ours(imported) && isModule(imported) }

// driver reports whether a package is a store's or a telemetry library's: what
// only the program that wants it should link.
func driver(imported string) bool {
	return strings.HasPrefix(imported, module+"/runtime/store/") && imported != module+"/runtime/store/memory" ||
		strings.HasPrefix(imported, "modernc.org/") || strings.HasPrefix(imported, "github.com/aws/") || strings.HasPrefix(imported, "go.opentelemetry.io/")
}

func TestImports(t *testing.T) {
	t.Parallel()
	imports := list(t)
	for pkg := range imports {
		name, ok := strings.CutPrefix(pkg, module+"/")
		if !ok {
			continue
		}
		r, ok := lookup(name)
		if !ok {
			t.Errorf("package %s has no rule: add it to the table in imports_test.go", name)
			continue
		}
		for _, imported := range imports[pkg] {
			if !r.allows(imported) {
				t.Errorf("package %s must not import %s", name, imported)
			}
		}
	}
	for pkg := range imports {
		name := strings.TrimPrefix(pkg, module+"/")
		forbidden := light[name]
		switch generated := strings.HasPrefix(name, "examples/"); {
		case generated && strings.HasSuffix(name, "task"):
			forbidden = heavy
		case generated && strings.HasSuffix(name, "flow"):
			forbidden = symbolic
		}
		if forbidden == nil {
			continue
		}
		for imported, by := range closure(imports, pkg) {
			if forbidden(imported) {
				t.Errorf("package %s must stay light, but imports %s through %s", name, imported, by)
			}
		}
	}
}

// TestFolders keeps the root of the module tidy.
func TestFolders(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains([]string{"dsl", "compiler", "runtime", "cmd", "examples"}, e.Name()) {
			t.Errorf("folder %s is none of the module's top-level folders", e.Name())
		}
	}
}

// list asks the go command once what every package imports that is not of the
// standard library.
func list(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-f", `{{if not .Standard}}{{.ImportPath}} {{join .Imports " "}}{{end}}`, "./...")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	imports := make(map[string][]string)
	lines := bufio.NewScanner(strings.NewReader(string(out)))
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) > 0 {
			imports[fields[0]] = fields[1:]
		}
	}
	if len(imports) < len(rules) {
		t.Fatalf("go list knows %d packages only", len(imports))
	}
	return imports
}

// lookup finds the rule of a package: its own, or that of the nearest folder.
func lookup(name string) (rule, bool) {
	if r, ok := rules[name]; ok {
		return r, true
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if r, ok := rules[dir+"/..."]; ok {
			return r, true
		}
	}
	return rule{}, false
}

func (r rule) allows(imported string) bool {
	if name, ok := strings.CutPrefix(imported, module+"/"); ok {
		return slices.ContainsFunc(r.imports, func(pattern string) bool { return matches(pattern, name) })
	}
	return !isModule(imported) || slices.ContainsFunc(r.modules, func(m string) bool {
		return m == "" || imported == m || strings.HasPrefix(imported, m+"/")
	})
}

func matches(pattern, name string) bool {
	if folder, ok := strings.CutSuffix(pattern, "/..."); ok {
		return name == folder || strings.HasPrefix(name, folder+"/")
	}
	return pattern == "*" || pattern == name
}

func ours(pkg string) bool { return strings.HasPrefix(pkg, module+"/") }

// isModule reports whether a package is of a module, not of the standard
// library: the first element of its path has a dot.
func isModule(pkg string) bool {
	first, _, _ := strings.Cut(pkg, "/")
	return strings.Contains(first, ".")
}

// closure returns all packages that a package needs, each with one that imports
// it.
func closure(imports map[string][]string, pkg string) map[string]string {
	by := make(map[string]string)
	for todo := []string{pkg}; len(todo) > 0; todo = todo[1:] {
		for _, imported := range imports[todo[0]] {
			if _, known := by[imported]; !known {
				by[imported] = todo[0]
				todo = append(todo, imported)
			}
		}
	}
	return by
}

// TestRules checks the table itself: what it names exists and there is no cycle.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, name := range slices.Sorted(maps.Keys(rules)) {
		for _, imported := range rules[name].imports {
			if strings.Contains(imported, "...") || imported == "*" {
				continue
			}
			if _, ok := rules[imported]; !ok {
				t.Errorf("the rule of %s names %s, which has no rule", name, imported)
			}
		}
	}
}
