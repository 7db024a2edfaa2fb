package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

const (
	maxDefinition = 1 << 20 // bytes
	maxName       = 80      // characters of a state's name
	maxNesting    = 100     // Parallel and Map states; AWS's own limit is not published
)

// A flow is one "States" object with its start, as the checker sees it.
type flow struct {
	node  *node
	outer *step // the Parallel or Map state that holds it; nil for the root
	depth int
	steps []*step
	named map[string]*step
	entry edge
	// open says that a target is a placeholder, so that nobody knows which states
	// can be reached.
	open bool
	// distributed flows run as executions of their own, express ones as Express.
	distributed, express bool
}

// A step is one state.
type step struct {
	name     string
	node     *node
	typ      Type
	language QueryLanguage
	in       *flow
	// edges are the ways out of the state; the first is Next, End or Default.
	edges []*edge
	flows []*flow
	reads []read
	looks []look
}

// An edge is one way out of a state.
type edge struct {
	from   *step
	kind   edgeKind
	target *node // the name it leads to; nil where there is none
	to     *step // nil at the end of the flow, and where the target is unknown
	// assigns are the variables that are set on the way.
	assigns []assigned
	// holder is the object that has the edge's Assign and Output.
	holder *node
}

type edgeKind uint8

const (
	nextEdge    edgeKind = iota // Next or End
	defaultEdge                 // of a Choice
	ruleEdge
	catchEdge
)

// document checks everything.
func (c *checker) document() {
	root := c.doc.root
	c.language = JSONPath
	if strings.EqualFold(string(c.doc.Machine.QueryLanguage), string(JSONata)) { // also when it is misspelt
		c.language = JSONata
	}
	if size := len(c.doc.source.text); size > maxDefinition {
		c.say(root, tooLarge, size, maxDefinition)
	}
	c.raise(root)
	main := c.machine(root, &flow{node: root})
	c.transitions(main)
	c.variables(main)
	c.data(main)
	if !c.errorsOnly {
		c.losses(main)
		c.duplicates(root)
	}
}

// machine checks a machine and what is nested in it.
func (c *checker) machine(n *node, f *flow) *flow {
	f.named = make(map[string]*step, len(n.get("States").members()))
	in := &site{language: c.language, flow: f, edge: &f.entry, express: c.express || f.express}
	if !n.object() {
		if !n.open() {
			c.say(n, wrongType, n.key, "an object with StartAt and States")
		}
		f.open = true
		return f
	}
	if f.outer != nil {
		c.foreign(n, f)
	}
	check[Machine](c, n, in)
	c.required(n, "States", "StartAt")
	return f
}

// foreign reports the fields that only a whole definition or a processor has.
func (c *checker) foreign(n *node, f *flow) {
	for _, kid := range n.members() {
		switch kid.key {
		case "ProcessorConfig":
			if f.outer.typ == TypeMap {
				continue
			}
		case "QueryLanguage", "Version", "TimeoutSeconds":
		default:
			continue
		}
		c.sayKey(kid, unknownField, kid.key, " in the flows of a "+string(f.outer.typ)+" state")
	}
}

// check applies the rules of a record's fields.
func check[T any, R record[T]](c *checker, n *node, in *site) {
	table := tableOf[T, R]()
kids:
	for _, kid := range n.members() {
		for _, f := range table {
			if f.name != kid.key {
				continue
			}
			if !f.in.has(in.language) {
				c.sayKey(kid, otherLanguage, kid.key, in.language)
				continue kids
			}
			f.rule(c, kid, in)
			continue kids
		}
		names := make([]string, len(table))
		for i, f := range table {
			names[i] = f.name
		}
		c.sayKey(kid, unknownField, kid.key, "")
		if near := closest(kid.key, names); near != "" && !n.has(near) {
			c.fix("did you mean %q?", near)
		}
	}
}

func (n *node) has(key string) bool { return n.get(key) != nil }

// states checks the states of a flow.
func states(c *checker, n *node, in *site) {
	if !n.object() {
		in.flow.open = true
		if !n.open() {
			c.say(n, wrongType, n.key, "an object of states")
		}
		return
	}
	if len(n.kids) == 0 {
		c.say(n, empty)
		in.flow.open = true
	}
	if in.flow.depth == maxNesting {
		c.say(n, tooDeep, maxNesting)
		in.flow.open = true
		return
	}
	for _, kid := range n.members() {
		c.state(kid, in)
	}
}

// state checks one state and adds it to its flow.
func (c *checker) state(n *node, in *site) {
	f := in.flow
	if n.open() && !n.object() {
		f.open = true
		return
	}
	s := &step{name: n.key, node: n, in: f, language: c.language}
	s.edges = []*edge{{from: s, holder: n}}
	f.steps = append(f.steps, s)
	f.named[s.name] = s
	c.stateName(n)
	if !n.object() {
		c.say(n, wrongType, n.key, "an object")
		return
	}
	if l, ok := n.get("QueryLanguage").str(); ok && (l == string(JSONata) || l == string(JSONPath)) {
		s.language = QueryLanguage(l)
		if c.language == JSONata && s.language == JSONPath {
			c.say(n, downgrade)
		}
	}
	typ, _ := n.get("Type").str()
	s.typ = Type(typ)
	c.fields(s, &site{language: s.language, step: s, flow: f, edge: s.edges[0], express: in.express})
}

// fields checks the fields of a state of any type.
func (c *checker) fields(s *step, in *site) {
	switch s.typ {
	case TypeTask:
		check[Task](c, s.node, in)
		c.task(s, in)
	case TypePass:
		check[Pass](c, s.node, in)
		c.nextOrEnd(s)
	case TypeWait:
		check[Wait](c, s.node, in)
		c.wait(s)
		c.nextOrEnd(s)
	case TypeChoice:
		s.edges[0].kind = defaultEdge
		check[Choice](c, s.node, in)
		c.choice(s)
	case TypeSucceed:
		check[Succeed](c, s.node, in)
	case TypeFail:
		check[Fail](c, s.node, in)
		c.exclusive(s.node, "Error", "ErrorPath")
		c.exclusive(s.node, "Cause", "CausePath")
	case TypeParallel:
		check[Parallel](c, s.node, in)
		c.required(s.node, "Branches")
		c.nextOrEnd(s)
	case TypeMap:
		check[Map](c, s.node, in)
		c.iteration(s)
		c.nextOrEnd(s)
	default:
		if t := s.node.get("Type"); t != nil {
			stateType(c, t, in)
		} else {
			c.required(s.node, "Type")
		}
	}
}

// stateType checks the value of "Type".
func stateType(c *checker, n *node, in *site) {
	if n.open() {
		in.flow.open = true
		return
	}
	types := []string{"Task", "Wait", "Pass", "Succeed", "Fail", "Choice", "Parallel", "Map"}
	if t, ok := n.str(); ok {
		for _, known := range types {
			if t == known {
				return
			}
		}
	}
	c.say(n, oneOfValues, "Type", strings.Join(types, ", "))
	if near := closest(n.text, types); near != "" {
		c.fix("did you mean %q?", near)
	}
}

// nextOrEnd wants exactly one of the two.
func (c *checker) nextOrEnd(s *step) {
	next, end := s.node.get("Next"), s.node.get("End")
	switch ends := end != nil && (end.truth || end.kind != value.KindBool); {
	case next == nil && !ends:
		c.say(s.node, needOne, "Next, End")
		c.fix("add \"Next\" with the name of the state to go on with, or \"End\": true")
	case next != nil && ends:
		c.say(s.node, exclusive, "Next, End")
	}
}

// stateName checks a name and that no other state has it.
func (c *checker) stateName(n *node) {
	if substituted(n.key) {
		return
	}
	if other := c.names[n.key]; other != nil {
		c.sayKey(n, duplicateName, n.key)
		c.see(other, "the other one")
		return
	}
	c.names[n.key] = n
	switch length := utf8.RuneCountInString(n.key); {
	case n.key == "":
		c.sayKey(n, invalidName, n.key, "is empty")
	case length > maxName:
		c.sayKey(n, invalidName, n.key, "is longer than 80 characters")
	case strings.IndexFunc(n.key, unicode.IsControl) >= 0:
		c.sayKey(n, invalidName, n.key, "has a control character")
	}
}

// next notes where a transition leads.
func next(c *checker, n *node, in *site) {
	if n.open() {
		in.flow.open = true
	} else if n.kind != value.KindString {
		c.say(n, wrongType, n.key, "the name of a state")
		in.flow.open = true
		return
	}
	in.edge.target = n
}

// end checks "End".
func end(c *checker, n *node, _ *site) {
	if n.kind != value.KindBool && !n.open() {
		c.say(n, wrongType, n.key, "true or false")
	}
}

// duplicates reports keys that come twice in one object.
func (c *checker) duplicates(n *node) {
	for _, kid := range n.kids {
		if kid.replaced {
			c.sayKey(kid, duplicateKey, kid.key)
			c.see(n.get(kid.key), "the one that counts")
		}
		c.duplicates(kid)
	}
}
