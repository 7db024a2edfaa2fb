package analyzer

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"golang.org/x/tools/go/types/typeutil"
)

// A compileTimeUse is a function that a workflow function should not call.
type compileTimeUse struct {
	name       string // as the user writes it
	code       string
	severity   diag.Severity
	saying, do string
}

// The kinds of functions that differ each time, or have effects.
var (
	clock  = compileTimeUse{code: CompileTimeValue, saying: "gives the time at which the workflow is compiled", do: "use dsl.Now(f) for the time of the execution"}
	sleep  = compileTimeUse{code: CompileTimeValue, saying: "waits while the workflow is compiled", do: "use dsl.Wait"}
	random = compileTimeUse{code: CompileTimeValue, saying: "gives a value that is drawn when the workflow is compiled", do: "use dsl.Random(f) or dsl.UUID(f)"}
	effect = compileTimeUse{
		code: CompileTimeEffect, severity: diag.Warning,
		saying: "runs when the workflow is compiled, not when it is executed", do: "move it into the handler of a task",
	}
)

// uses has those functions by the package's path; methods count as functions. A
// name that ends in * stands for all that begin so.
var uses = map[string][]struct {
	names string
	use   *compileTimeUse
}{
	"time":                   {{"Now Since Until", &clock}, {"Sleep After AfterFunc Tick NewTimer NewTicker", &sleep}},
	"math/rand":              {{"Int* Uint* Float* Perm Shuffle Norm* Exp* Read", &random}},
	"math/rand/v2":           {{"Int* Uint* Float* Perm Shuffle Norm* Exp* N", &random}},
	"crypto/rand":            {{"*", &random}},
	"github.com/google/uuid": {{"New*", &random}},

	"os":           {{"Getenv LookupEnv Environ Hostname Getwd Open* Create* Read* Write* Mkdir* Remove* Rename Stat Lstat Exit", &effect}},
	"os/exec":      {{"Run Start Output CombinedOutput", &effect}},
	"io/ioutil":    {{"*", &effect}},
	"fmt":          {{"Print* Scan*", &effect}},
	"log":          {{"Print* Fatal* Panic* Output", &effect}},
	"log/slog":     {{"Debug* Info* Warn* Error* Log*", &effect}},
	"net":          {{"Dial* Listen* Lookup*", &effect}},
	"net/http":     {{"Get Post PostForm Head Do ListenAndServe*", &effect}},
	"database/sql": {{"Open* Query* Exec* Ping* Begin* Prepare*", &effect}},
}

// compileTime checks a call for what does not belong in a workflow function.
func (c *checker) compileTime(call *ast.CallExpr) {
	u := c.use(call)
	if u == nil {
		return
	}
	message := u.name + " " + u.saying
	if name := types.ExprString(call.Fun); name != u.name {
		message = fmt.Sprintf("%s calls %s, which %s", name, u.name, u.saying)
	}
	c.report(call, u.severity, u.code, message, u.do)
}

// use returns what a call does at compile time, nil for nothing of note.
func (c *checker) use(call *ast.CallExpr) *compileTimeUse {
	f, ok := typeutil.Callee(c.info, call).(*types.Func)
	if !ok || f.Pkg() == nil {
		return nil
	}
	if decl := c.functions[f.Origin()]; decl != nil {
		return c.within(decl)
	}
	for _, group := range uses[f.Pkg().Path()] {
		for name := range strings.FieldsSeq(group.names) {
			prefix, any := strings.CutSuffix(name, "*")
			if f.Name() == name || any && strings.HasPrefix(f.Name(), prefix) {
				u := *group.use
				u.name = types.ExprString(call.Fun)
				return &u
			}
		}
	}
	return nil
}

// within returns what the code of a function of this package does. Workflow
// functions are checked by themselves.
func (c *checker) within(decl *ast.FuncDecl) *compileTimeUse {
	if u, known := c.effects[decl]; known || decl.Body == nil || takesFlow(c.info.Defs[decl.Name].Type()) {
		return u
	}
	c.effects[decl] = nil // ends recursion
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && c.effects[decl] == nil {
			c.effects[decl] = c.use(call)
		}
		return c.effects[decl] == nil
	})
	return c.effects[decl]
}

// ranged checks for states that are made in the order of a Go map.
func (c *checker) ranged(n *ast.RangeStmt) {
	if !c.unordered(n.X) || !c.usesDSL(n.Body) {
		return
	}
	c.report(n.X, diag.Error, MapRange, "the order of a Go map is random: the workflow comes out differently each time it is compiled",
		"range over a slice, or over slices.Sorted(maps.Keys(m))")
}

// unordered reports whether ranging over x follows the order of a map.
func (c *checker) unordered(x ast.Expr) bool {
	if _, ok := c.info.TypeOf(x).Underlying().(*types.Map); ok {
		return true
	}
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	f, ok := typeutil.Callee(c.info, call).(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "maps" && (f.Name() == "Keys" || f.Name() == "Values" || f.Name() == "All")
}

// usesDSL reports whether code calls the DSL or hands a Flow on.
func (c *checker) usesDSL(code ast.Node) bool {
	found := false
	ast.Inspect(code, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			found = found || c.dslFunc(n) != nil
		case *ast.Ident:
			found = found || c.info.TypeOf(n) != nil && isFlow(c.info.TypeOf(n))
		}
		return !found
	})
	return found
}
