package asl

import (
	"path/filepath"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Document is a definition with the places of everything in it.
type Document struct {
	// Machine is the definition. What is unknown or of the wrong type in the
	// text is not in it; [Validate] says so.
	Machine Machine

	source *source
	root   *node
}

// Decode reads a definition. The text is JSON, or YAML when the file name ends
// in .yaml or .yml, or when there is no telling name and the text does not begin
// with a brace. The diagnostics name the file, which is not opened; they are
// about the text alone, and [Validate] has the rest. The document is nil when
// the text holds no object. Otherwise it has all that could be read.
func Decode(text []byte, file string) (*Document, diag.List) {
	d := &Document{source: newSource(string(text), file)}
	var list diag.List
	if isYAML(d.source.text, file) {
		d.root, list = readYAML(d.source)
	} else {
		d.root, list = d.readJSON()
	}
	if len(list) == 0 && (d.root == nil || d.root.kind != value.KindObject) {
		list = append(list, d.diagnostic(nil, d.root, noObject))
	}
	if len(list) > 0 {
		return nil, list
	}
	decode(d.root, &d.Machine)
	return d, nil
}

// Position returns the place of a state's name, also of one nested in another
// state. It is the zero Position when there is no such state.
func (d *Document) Position(state string) diag.Position {
	if n := stateNode(d.root, state); n != nil {
		return d.key(n)
	}
	return diag.Position{}
}

func stateNode(machine *node, name string) *node {
	for _, s := range machine.get("States").members() {
		if s.key == name {
			return s
		}
		flows := append([]*node{s.get("ItemProcessor"), s.get("Iterator")}, s.get("Branches").list()...)
		for _, flow := range flows {
			if found := stateNode(flow, name); found != nil {
				return found
			}
		}
	}
	return nil
}

func isYAML(text, file string) bool {
	switch strings.ToLower(filepath.Ext(file)) {
	case ".yaml", ".yml":
		return true
	case ".json":
		return false
	}
	start := strings.TrimLeft(text, "\ufeff \t\r\n")
	return start != "" && start[0] != '{' && start[0] != '[' && strings.Contains(start, ":")
}

func (d *Document) readJSON() (*node, diag.List) {
	root, err := readJSON(d.source.text)
	if err == nil {
		return root, nil
	}
	found := d.diagnostic(nil, nil, invalidJSON, err.message)
	found.Pos = d.source.position(err.start, err.end)
	if err.marker >= 0 {
		found.Related = []diag.Related{{Message: "it is opened here", Pos: d.source.position(err.marker, err.marker+1)}}
	}
	return nil, diag.List{found}
}

func decodeStates(n *node) []State {
	var states []State
	for _, kid := range n.members() {
		if s := decodeState(kid); s != nil {
			s.Common().Name = kid.key
			states = append(states, s)
		}
	}
	return states
}

// decodeState returns nil when the type is unknown.
func decodeState(n *node) State {
	typ, _ := n.get("Type").str()
	switch Type(typ) {
	case TypeTask:
		return decodeNew[Task](n)
	case TypePass:
		return decodeNew[Pass](n)
	case TypeWait:
		return decodeNew[Wait](n)
	case TypeChoice:
		return decodeNew[Choice](n)
	case TypeSucceed:
		return decodeNew[Succeed](n)
	case TypeFail:
		return decodeNew[Fail](n)
	case TypeParallel:
		return decodeNew[Parallel](n)
	case TypeMap:
		return decodeNew[Map](n)
	}
	return nil
}

func decodeNew[T any, S record[T]](n *node) S {
	s := S(new(T))
	decode(n, s)
	return s
}

// decodeRule reads a choice rule. Its operator is the name of a field.
func decodeRule(n *node) Rule {
	var r Rule
	decode(n, &r)
	for _, kid := range n.members() {
		if _, known := operators[kid.key]; known {
			r.Operator, r.Operand = kid.key, kid.value()
		}
	}
	return r
}

// head returns the fields that every type of state has.
func head[T any, S interface {
	*T
	State
}]() []field[T] {
	return []field[T]{
		{"Type", both, func(*T) any { return nil }, stateType},
		{"QueryLanguage", both, func(t *T) any { return &S(t).Common().QueryLanguage }, oneOf("JSONPath", "JSONata")},
		{"Comment", both, func(t *T) any { return &S(t).Common().Comment }, text},
	}
}

// A processor is the place of a Map state's processor under one of its names.
type processor struct {
	m          *Map
	deprecated bool
}
