package asl

import (
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// A MachineType is the type that a state machine is created with. It is no part
// of the definition.
type MachineType string

// The two types of state machines.
const (
	Standard MachineType = "STANDARD"
	Express  MachineType = "EXPRESS"
)

// Options are what Validate cannot see in the definition.
type Options struct {
	// Type is Standard when it is empty.
	Type MachineType
	// ErrorsOnly leaves out warnings and hints, and the time that they take.
	ErrorsOnly bool
}

// Validate says what is wrong with a definition: first what AWS's
// ValidateStateMachineDefinition would say of it, with its codes, texts and
// locations, and then what AWS leaves to the execution to find out. Errors are
// what AWS would refuse or what makes an execution fail; all else is a warning
// or a hint. The list is in the order in which AWS reports, as far as that is
// known. The document is not changed.
func Validate(d *Document, o Options) diag.List {
	c := &checker{
		doc: d, express: o.Type == Express, errorsOnly: o.ErrorsOnly, names: make(map[string]*node),
		labels: make(map[string]*node), raised: make(map[string]bool), formulas: make(map[string]*formula),
	}
	c.document()
	return c.list
}

// A checker walks over one definition and gathers what there is to say.
type checker struct {
	doc      *Document
	express  bool
	language QueryLanguage // of the machine
	list     diag.List
	last     *diag.Diagnostic // that was reported, for what is added to it
	names    map[string]*node // of all states
	labels   map[string]*node
	raised   map[string]bool // by Fail states
	// errorsOnly says that nobody asks for warnings and hints.
	errorsOnly bool
	// formulas are the expressions by what stands between their delimiters.
	formulas map[string]*formula
}

// A site is what a rule knows of the place it is applied at.
type site struct {
	language QueryLanguage
	step     *step // nil in the head of a machine
	flow     *flow
	// result and caught tell whether $states.result and $states.errorOutput may
	// be read here.
	result, caught bool
	// express says that this runs as an Express execution.
	express bool
	// edge is where variables that are assigned here are known afterwards.
	edge *edge
	// at is the data that paths in a template look at.
	at stage
}

// say reports something about a node.
func (c *checker) say(n *node, what notice, args ...any) {
	c.sayAt(n, n, what, args...)
}

// sayKey reports something about a field that shows in its name.
func (c *checker) sayKey(n *node, what notice, args ...any) {
	c.say(n, what, args...)
	c.last.Pos = c.doc.key(n)
}

// sayAt reports something at a location of AWS's that is not quite where the
// trouble is: AWS often names the object around it.
func (c *checker) sayAt(location, at *node, what notice, args ...any) {
	if c.errorsOnly && codes[what.code].Severity != diag.Error {
		c.last = new(diag.Diagnostic)
		return
	}
	c.list = append(c.list, c.doc.diagnostic(location, at, what, args...))
	c.last = &c.list[len(c.list)-1]
}

// fix gives the last diagnostic another remedy.
func (c *checker) fix(format string, args ...any) { c.last.Fix = fmt.Sprintf(format, args...) }

// see adds a second place to the last diagnostic.
func (c *checker) see(n *node, message string) {
	c.last.Related = append(c.last.Related, diag.Related{Message: message, Pos: c.doc.key(n), Pointer: n.pointer()})
}

func (d *Document) diagnostic(location, at *node, what notice, args ...any) diag.Diagnostic {
	found := diag.Diagnostic{
		Severity: codes[what.code].Severity, Code: what.code,
		Message: fmt.Sprintf(what.text, args...), Fix: what.fix, Pointer: location.pointer(),
		Pos: diag.Position{File: d.source.file},
	}
	if at != nil {
		found.Pos = d.place(at)
	}
	return found
}

// place is where a diagnostic about a node points: at a scalar, but only at the
// key of what may be long.
func (d *Document) place(n *node) diag.Position {
	if n.kids != nil && n.parent != nil {
		return d.key(n)
	}
	start, end := n.start, n.end
	if i := strings.IndexByte(d.source.text[start:end], '\n'); i >= 0 {
		end = start + i
	}
	if n.kids != nil {
		end = start + 1
	}
	return d.source.position(start, end)
}

// key is the place of a node's key, or of the node itself where it has none.
func (d *Document) key(n *node) diag.Position {
	if n.keyEnd > n.keyStart {
		return d.source.position(n.keyStart, n.keyEnd)
	}
	return d.source.position(n.start, min(n.start+1, len(d.source.text)))
}
