package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A plan is what is evaluated: a tree of units. Planning makes paths of what
// the dots, brackets and binders of the syntax tree say, just as the second
// stage of jsonata-js's parser does, with the same errors in the same order.

// A unitKind tells apart the units that planning treats in different ways.
type unitKind uint8

const (
	otherUnit unitKind = iota
	nameUnit
	literalUnit
	variableUnit
	wildcardUnit
	parentUnit
	pathUnit
	blockUnit
	callUnit
	arrayUnit
	sortUnit
)

// A unit is one thing to evaluate, with what is done to its result.
type unit struct {
	kind     unitKind
	kindName string // jsonata-js's name of the kind
	op       operation
	position int
	value    value.Value // of a literal
	name     string      // of a name or variable

	predicates []stage // of what is no step
	stages     []stage // of a step
	group      *grouping
	keepArray  bool
	consArray  bool // an array constructor that is not flattened

	// Of steps that bind something.
	tuple    bool
	focus    string
	index    string
	ancestor *slot
	slot     *slot   // of a parent
	seeking  []*slot // parents inside that are still sought
	steps    *path   // of a path
	items    []*unit // of a block

	sequences bool // the result may be a sequence
	finishing bool // there is something to do to the result
}

// An operation computes the result of a unit.
type operation interface {
	eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error)
}

// A stage is a predicate of a step, or the binding of its index.
type stage struct {
	predicate *unit
	index     string // binds the index when there is no predicate
}

// A slot is what a parent operator finds: the context value some levels up.
type slot struct {
	label string
	level int
}

// A planner makes units of nodes.
type planner struct {
	dialect *dialect
	slots   int
	paths   []*unit
	lambdas []*lambda // those being planned, outermost first
	blocks  []*block
	scoped  bool // something is bound
}

// plan returns the plan and whether it needs a scope to begin with.
func plan(root Node, d *dialect) (*unit, bool, *Error) {
	p := &planner{dialect: d}
	u, err := p.unit(root)
	if err != nil {
		return nil, false, err
	}
	if u.kind == parentUnit || u.seeking != nil {
		return nil, false, failAt("S0217", u.position, u.kindName)
	}
	for _, path := range p.paths {
		path.steps.prepare(path)
	}
	return u, p.scoped, nil
}

// unit plans a node.
func (p *planner) unit(n Node) (*unit, *Error) {
	u, err := p.plain(n)
	if err != nil {
		return nil, err
	}
	u.finish()
	return u, nil
}

// finish settles whether evaluating ends with the operation. It is called again
// whenever something is added to a unit.
func (u *unit) finish() {
	u.finishing = u.predicates != nil || u.sequences || u.group != nil && u.kind != pathUnit
}

func (p *planner) units(nodes []Node) ([]*unit, *Error) {
	units := make([]*unit, len(nodes))
	for i, n := range nodes {
		var err *Error
		if units[i], err = p.unit(n); err != nil {
			return nil, err
		}
	}
	return units, nil
}

func (p *planner) plain(n Node) (*unit, *Error) {
	at := n.Position()
	switch n := n.(type) {
	case *Name:
		step := &unit{kind: nameUnit, kindName: "name", op: &nameOp{n.Value}, position: at, name: n.Value, sequences: true}
		step.finish()
		return p.path(step), nil
	case *Literal:
		return &unit{kind: literalUnit, kindName: literalKind(n.Value), op: &literalOp{n.Value}, position: at, value: n.Value}, nil
	case *Variable:
		return p.variable(n), nil
	case *Wildcard:
		return &unit{kind: wildcardUnit, kindName: "wildcard", op: wildcardOp{}, position: at, sequences: true}, nil
	case *Descendants:
		return &unit{kindName: "descendant", op: descendantsOp{}, position: at, sequences: true}, nil
	case *Parent:
		return p.parent(), nil
	case *Regex:
		return &unit{kindName: "regex", op: &regexOp{n.program}, position: at}, nil
	case *Placeholder:
		return &unit{kindName: "operator", op: &literalOp{}, position: at}, nil
	case *Keep:
		return p.keep(n)
	case *Filter:
		return p.filter(n)
	case *Group:
		return p.group(n)
	case *Sort:
		return p.sort(n)
	case *Focus:
		return p.focus(n)
	case *Index:
		return p.index(n)
	case *Binary:
		return p.binary(n)
	case *Negation:
		return p.negation(n)
	case *Array:
		return p.array(n)
	case *Object:
		return p.object(n)
	case *Assignment:
		return p.assignment(n)
	case *Condition:
		return p.condition(n)
	case *Block:
		return p.block(n)
	case *Call:
		return p.call(n)
	case *Lambda:
		return p.lambda(n)
	case *Transform:
		return p.transform(n)
	}
	return nil, failAt("S0207", at, "(end)")
}

func literalKind(v value.Value) string {
	switch v.Kind() {
	case value.KindString:
		return "string"
	case value.KindNumber:
		return "number"
	}
	return "value"
}

func (p *planner) variable(n *Variable) *unit {
	if n.Name == "" {
		return &unit{kind: variableUnit, kindName: "variable", op: contextOp{}, position: n.Position(), sequences: true}
	}
	op := &variableOp{name: n.Name, builtin: p.dialect.functions[n.Name]}
	if n.Name == "eval" {
		p.captures()
		p.binds()
	}
	return &unit{kind: variableUnit, kindName: "variable", op: op, position: n.Position(), name: n.Name, sequences: true}
}

func (p *planner) binary(n *Binary) (*unit, *Error) {
	switch n.Operator {
	case ".":
		return p.dot(n)
	case "~>":
		return p.apply(n)
	}
	left, err := p.unit(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := p.unit(n.Right)
	if err != nil {
		return nil, err
	}
	u := &unit{kindName: "binary", position: n.Position(), sequences: n.Operator == ".."}
	u.op = operator(n, left, right)
	u.seek(left)
	u.seek(right)
	return u, nil
}

func (p *planner) negation(n *Negation) (*unit, *Error) {
	operand, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if f, ok := operand.value.Float(); ok && operand.kind == literalUnit {
		operand.value = value.Float(-f)
		operand.op = &literalOp{operand.value}
		return operand, nil
	}
	u := &unit{kindName: "unary", op: &negation{operand, n.Position()}, position: n.Position()}
	u.seek(operand)
	return u, nil
}

func (p *planner) array(n *Array) (*unit, *Error) {
	items, err := p.units(n.Items)
	if err != nil {
		return nil, err
	}
	u := &unit{kind: arrayUnit, kindName: "unary", position: n.Position()}
	u.op = &arrayOp{items, u}
	for _, item := range items {
		u.seek(item)
	}
	return u, nil
}

func (p *planner) object(n *Object) (*unit, *Error) {
	u := &unit{kindName: "unary", position: n.Position()}
	g := &grouping{position: n.Position()}
	var err *Error
	if g.pairs, err = p.pairs(n.Pairs, u); err != nil {
		return nil, err
	}
	g.settle()
	u.op = g
	return u, nil
}

func (p *planner) assignment(n *Assignment) (*unit, *Error) {
	p.binds()
	v, err := p.unit(n.Value)
	if err != nil {
		return nil, err
	}
	u := &unit{kindName: "bind", op: &assignment{n.Variable.Name, v}, position: n.Position(), sequences: true}
	u.seek(v)
	return u, nil
}

func (p *planner) condition(n *Condition) (*unit, *Error) {
	op := &condition{}
	u := &unit{kindName: "condition", op: op, position: n.Position(), sequences: true}
	var err *Error
	if op.test, err = p.unit(n.Test); err != nil {
		return nil, err
	}
	u.seek(op.test)
	if op.then, err = p.unit(n.Then); err != nil {
		return nil, err
	}
	u.seek(op.then)
	if n.Else != nil {
		if op.otherwise, err = p.unit(n.Else); err != nil {
			return nil, err
		}
		u.seek(op.otherwise)
	}
	return u, nil
}

func (p *planner) block(n *Block) (*unit, *Error) {
	op := &block{}
	p.blocks = append(p.blocks, op)
	items, err := p.units(n.Items)
	p.blocks = p.blocks[:len(p.blocks)-1]
	if err != nil {
		return nil, err
	}
	op.items = items
	u := &unit{kind: blockUnit, kindName: "block", op: op, position: n.Position(), items: items, sequences: true}
	for _, item := range items {
		u.seek(item)
		if item.consArray || item.kind == pathUnit && item.steps.steps[0].consArray {
			u.consArray = true
		}
	}
	return u, nil
}
