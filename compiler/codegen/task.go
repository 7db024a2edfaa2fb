package codegen

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// work is a task as the generated package has it: one function, however many
// declarations and states call it.
type work struct {
	field    string
	others   []string // fields that were joined with this one
	doc      string
	in, out  types.Type // nil is none
	waits    bool       // for its task token
	resource spec.Resource
	function string   // the name of the Lambda function or activity
	inline   bool     // no variable holds it
	states   []string // that call it
	throws   []string
	byState  bool // another task has the same function with other types
	pos      spec.Pos
}

// findTasks collects the tasks: those that the specs call, or, without specs,
// those that the package declares.
func (g *generator) findTasks() {
	if g.traced() {
		for _, w := range g.workflows {
			g.tracedTasks(w.Spec)
		}
	} else {
		g.declaredTasks()
	}
	g.tasks = joined(g.tasks)
	for _, t := range g.tasks {
		switch {
		case t.doc != "":
		case t.byState || t.function == "":
			t.doc = t.field + " does the task of " + quoted(t.states)
		case t.resource == spec.Activity:
			t.doc = fmt.Sprintf("%s is the activity %q.", t.field, t.function)
		default:
			t.doc = fmt.Sprintf("%s is the Lambda function %q.", t.field, t.function)
		}
	}
}

// traced reports whether the workflows have specs.
func (g *generator) traced() bool {
	return !slices.ContainsFunc(g.workflows, func(w Workflow) bool { return w.Spec == nil })
}

// declaredTasks collects the variables that hold tasks.
func (g *generator) declaredTasks() {
	for _, o := range g.mentioned() {
		arguments, ok := instance(o.Type(), "Task")
		callback, waits := instance(o.Type(), "Callback")
		if arguments = append(arguments, callback...); len(arguments) != 2 || !ok && !waits {
			continue
		}
		w := &work{field: exported(o.Name()), doc: g.comments.ofValue(o), in: some(arguments[0]), out: some(arguments[1])}
		w.waits = waits
		position := g.source.Fset.Position(o.Pos())
		w.pos = spec.Pos{File: position.Filename, Line: position.Line}
		w.function = g.literal(innermost(g.comments.initial(o)))
		if w.function == "" {
			w.function, w.byState = w.field, true
		}
		g.tasks = append(g.tasks, w)
	}
}

// literal returns the first argument of a call, if it is a constant text.
func (g *generator) literal(call *ast.CallExpr) string {
	if call == nil || len(call.Args) == 0 {
		return ""
	}
	if v := g.source.TypesInfo.Types[call.Args[0]].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v)
	}
	if plain, ok := call.Args[0].(*ast.BasicLit); ok && plain.Kind == token.STRING { // in another package
		return constant.StringVal(constant.MakeFromLiteral(plain.Value, plain.Kind, 0))
	}
	return ""
}

// some is t unless it is dsl.None.
func some(t types.Type) types.Type {
	if _, none := instance(t, "None"); none {
		return nil
	}
	return t
}

// tracedTasks collects the tasks that a workflow calls. Other workflows that it
// calls are nobody's task.
func (g *generator) tracedTasks(w *spec.Workflow) {
	for _, t := range w.Tasks {
		if t.Resource != spec.Nested {
			g.tracedTask(t)
		}
	}
	w.Body.Walk(func(step spec.Step) {
		call, ok := step.(*spec.Call)
		if !ok || call.Task == nil || call.Task.Resource == spec.Nested {
			return
		}
		t := g.tracedTask(call.Task)
		t.states = merged(t.states, []string{call.Name})
		t.waits = t.waits || call.Pattern == spec.Callback
	})
}

// tracedTask returns what is known of a task. Several contracts are one task when
// they were declared at the same place with the same types.
func (g *generator) tracedTask(t *spec.Task) *work {
	known := &work{pos: t.Pos, resource: t.Resource, in: g.typeOf(t.Input), out: g.typeOf(t.Output)}
	if t.Resource == spec.Lambda || t.Resource == spec.Activity {
		known.function = t.Target
	}
	i := slices.IndexFunc(g.tasks, func(w *work) bool {
		return w.pos == t.Pos && w.function == known.function && same(w.in, known.in) && same(w.out, known.out)
	})
	if i >= 0 {
		known = g.tasks[i]
	} else {
		known.field, known.doc = g.comments.at(t.Pos.File, t.Pos.Line)
		if known.inline = known.field == ""; known.inline {
			known.field = camel(t.Name)
		}
		known.doc = renamed(known.doc, known.field, exported(known.field))
		known.field = exported(known.field)
		g.tasks = append(g.tasks, known)
	}
	known.throws = merged(known.throws, t.Throws)
	return known
}

// merged adds to a list what is not in it.
func merged(list, others []string) []string {
	for _, s := range others {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// joined makes one task of those that call one function with the same types,
// and gives all tasks names of their own.
func joined(tasks []*work) []*work {
	var all []*work
	for _, t := range tasks {
		i := slices.IndexFunc(all, func(w *work) bool { return w.function != "" && w.function == t.function })
		if i >= 0 && same(all[i].in, t.in) && same(all[i].out, t.out) && !all[i].byState && !t.byState {
			all[i].others = append(all[i].others, t.field)
			all[i].states = merged(all[i].states, t.states)
			all[i].throws = merged(all[i].throws, t.throws)
			continue
		}
		if i >= 0 {
			all[i].byState, t.byState = true, true
		}
		all = append(all, t)
	}
	used := make(map[string]bool)
	for _, t := range all {
		if t.byState && t.inline && len(t.states) > 0 {
			t.field = camel(t.states[0])
		}
		field := t.field
		for i := 2; used[t.field]; i++ {
			t.field = fmt.Sprintf("%s%d", field, i)
		}
		used[t.field] = true
	}
	return all
}

func same(a, b types.Type) bool {
	return a == b || a != nil && b != nil && types.Identical(a, b)
}

// keys are the names that the engine finds the task's handler under.
func (t *work) keys() []string {
	switch {
	case t.function != "" && !t.byState:
		return []string{t.function}
	case len(t.states) == 0: // made from the types alone
		return []string{t.field}
	}
	return t.states
}

// form is the ending of the names in package flow that deal with the task's
// signature.
func (t *work) form() string {
	switch {
	case t.in == nil && t.out == nil:
		return "FuncNone"
	case t.in == nil:
		return "FuncOut"
	case t.out == nil:
		return "FuncIn"
	}
	return "Func"
}

func (g *generator) renderTasks(f *jen.File) {
	var fields, handlers []jen.Code
	for i, t := range g.tasks {
		if i > 0 {
			fields = append(fields, jen.Line())
		}
		fields = append(fields, comment(g.taskDoc(t)), jen.Id(t.field).Func().Add(g.signature(t)))
		for _, key := range t.keys() {
			handlers = append(handlers, jen.Lit(key).Op(":").Qual(flowPath, t.form()).Call(jen.Id("t").Dot(t.field)))
		}
	}
	f.Add(comment("Tasks has a function for each task. They are called by several goroutines at\nthe same time. A task whose function is nil is to be done elsewhere."))
	f.Type().Id("Tasks").Struct(fields...)
	f.Line()
	f.Add(comment("Handlers returns the functions as an engine takes them."))
	f.Func().Params(jen.Id("t").Id("Tasks")).Id("Handlers").Params().Qual(taskPath, "Handlers").Block(
		jen.Return(jen.Qual(flowPath, "Set").Call(jen.Qual(taskPath, "Handlers").Add(braces(handlers)))),
	)
	f.Line()
}

// braces is the content of a composite literal, an element a line.
func braces(elements []jen.Code) jen.Code {
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: len(elements) > 0}, elements...)
}

// signature is what stands behind func.
func (g *generator) signature(t *work) *jen.Statement {
	in := []jen.Code{jen.Qual("context", "Context")}
	if t.in != nil {
		in = append(in, g.plain(t.in))
	}
	if t.out == nil {
		return jen.Params(in...).Error()
	}
	return jen.Params(in...).Params(g.plain(t.out), jen.Error())
}

// taskDoc adds what the types do not say to the user's comment.
func (g *generator) taskDoc(t *work) string {
	doc := t.doc
	if len(t.others) > 0 {
		doc += "\n\nThe function does " + list(t.others) + ", too."
	}
	if t.waits {
		doc += "\n\nThe task waits until its token comes back, and the result with it. On this\nmachine, and in tests, what the function returns is sent with the token."
	}
	var links []string
	for _, name := range t.throws {
		if e := g.errorNamed(name); e != nil {
			links = append(links, "["+e.typ+"]")
		}
	}
	if len(links) > 0 {
		doc += "\n\nErrors: " + strings.Join(links, ", ") + "."
	}
	return doc
}

// list joins words as in a sentence.
func list(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

func quoted(names []string) string {
	var all []string
	for _, name := range names {
		all = append(all, fmt.Sprintf("%q", name))
	}
	return list(all) + "."
}

// comment writes a comment as it stands.
func comment(text string) jen.Code {
	if text == "" {
		return jen.Null()
	}
	return jen.Comment(lines(text))
}

// lines marks the lines of a comment.
func lines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "\t") {
			line = " " + line
		}
		b.WriteString(strings.TrimRight("//"+line, " \t\n") + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}
