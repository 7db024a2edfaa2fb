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
	conditionUnit
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

// path makes a path of a step. Paths prepare themselves in the end.
func (p *planner) path(step *unit) *unit {
	op := &path{steps: []*unit{step}}
	u := &unit{kind: pathUnit, kindName: "path", op: op, steps: op}
	p.paths = append(p.paths, u)
	return u
}

// last returns the step that what follows a path belongs to, or the unit itself
// when it is no path.
func (u *unit) last() *unit {
	if u.kind == pathUnit {
		return u.steps.steps[len(u.steps.steps)-1]
	}
	return u
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

// captures notes that the lambdas being planned may outlive their calls in some
// function made inside.
func (p *planner) captures() {
	p.scoped = true
	for _, l := range p.lambdas {
		l.captures = true
	}
}

// binds notes that the innermost block needs a scope of its own.
func (p *planner) binds() {
	p.scoped = true
	if n := len(p.blocks); n > 0 && p.blocks[n-1] != nil {
		p.blocks[n-1].binds = true
	}
}

func (p *planner) parent() *unit {
	s := &slot{label: "!" + string(value.AppendFloat(nil, float64(p.slots))), level: 1}
	p.slots++
	return &unit{kind: parentUnit, kindName: "parent", op: &parentOp{s}, slot: s}
}

// keep marks a step, and the path that it is, to keep single values as arrays.
func (p *planner) keep(n *Keep) (*unit, *Error) {
	u, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if _, ok := n.Operand.(*Name); ok {
		u.last().keepArray = true
		u.steps.keep = true
	}
	if _, ok := n.Operand.(*Focus); ok {
		u.last().keepArray = true
	}
	u.keepArray = true
	return u, nil
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

// dot joins two operands to a path.
func (p *planner) dot(n *Binary) (*unit, *Error) {
	result, err := p.unit(n.Left)
	if err != nil {
		return nil, err
	}
	if result.kind != pathUnit {
		first := result
		result = p.path(first)
		if first.kind == parentUnit {
			result.seeking = []*slot{first.slot}
		}
	}
	rest, err := p.unit(n.Right)
	if err != nil {
		return nil, err
	}
	steps := result.steps
	if rest.kind == pathUnit {
		steps.steps = append(steps.steps, rest.steps.steps...)
	} else {
		if rest.predicates != nil {
			rest.stages, rest.predicates = rest.predicates, nil
			rest.finish()
		}
		steps.steps = append(steps.steps, rest)
	}
	for _, step := range steps.steps {
		if step.kind == literalUnit {
			name, ok := step.value.Str()
			if !ok {
				return nil, &Error{Code: "S0213", Position: step.position, Value: step.value}
			}
			step.kind, step.kindName, step.name, step.op, step.sequences = nameUnit, "name", name, &nameOp{name}, true
			step.finish()
		}
		steps.keep = steps.keep || step.keepArray
	}
	if first := steps.steps[0]; first.kind == arrayUnit {
		first.consArray = true
	}
	if last := result.last(); last.kind == arrayUnit {
		last.consArray = true
	}
	return result, result.resolve()
}

func (p *planner) filter(n *Filter) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	step := result.last()
	if step.group != nil {
		return nil, &Error{Code: "S0209", Position: n.Position()}
	}
	predicate, err := p.unit(n.Predicate)
	if err != nil {
		return nil, err
	}
	for _, s := range predicate.seeking {
		if s.level == 1 {
			if err := step.find(s); err != nil {
				return nil, err
			}
		} else {
			s.level--
		}
	}
	if predicate.seeking != nil {
		step.seek(predicate)
	}
	if result.kind == pathUnit {
		step.stages = append(step.stages, stage{predicate: predicate})
	} else {
		step.predicates = append(step.predicates, stage{predicate: predicate})
		step.finish()
	}
	return result, nil
}

func (p *planner) group(n *Group) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if result.group != nil {
		return nil, &Error{Code: "S0210", Position: n.Position()}
	}
	g := &grouping{position: n.Position()}
	if g.pairs, err = p.pairs(n.Pairs, nil); err != nil {
		return nil, err
	}
	g.settle()
	result.group = g
	if result.kind == pathUnit {
		result.steps.group = g
	}
	result.finish()
	return result, nil
}

// pairs plans pairs. What they seek is sought by u, if it is given.
func (p *planner) pairs(pairs []Pair, u *unit) ([]pair, *Error) {
	units := make([]pair, len(pairs))
	for i, n := range pairs {
		key, err := p.unit(n.Key)
		if err != nil {
			return nil, err
		}
		v, err := p.unit(n.Value)
		if err != nil {
			return nil, err
		}
		if u != nil {
			u.seek(key)
			u.seek(v)
		}
		units[i] = pair{key, v}
	}
	return units, nil
}

func (p *planner) sort(n *Sort) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	if result.kind != pathUnit {
		result = p.path(result)
	}
	op := &sorting{position: n.Position()}
	step := &unit{kind: sortUnit, kindName: "sort", op: op, position: n.Position()}
	for _, term := range n.Terms {
		key, err := p.unit(term.Key)
		if err != nil {
			return nil, err
		}
		step.seek(key)
		op.terms = append(op.terms, sortTerm{key, term.Descending})
	}
	result.steps.steps = append(result.steps.steps, step)
	return result, result.resolve()
}

func (p *planner) focus(n *Focus) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	step := result.last()
	if step.stages != nil || step.predicates != nil {
		return nil, &Error{Code: "S0215", Position: n.Position()}
	}
	if step.kind == sortUnit {
		return nil, &Error{Code: "S0216", Position: n.Position()}
	}
	step.focus = n.Variable.Name
	step.tuple = true
	return result, nil
}

func (p *planner) index(n *Index) (*unit, *Error) {
	result, err := p.unit(n.Operand)
	if err != nil {
		return nil, err
	}
	step := result.last()
	if result.kind != pathUnit {
		if step.predicates != nil {
			step.stages, step.predicates = step.predicates, nil
			step.finish()
		}
		result = p.path(step)
	}
	if step.stages == nil {
		step.index = n.Variable.Name
	} else {
		step.stages = append(step.stages, stage{index: n.Variable.Name})
	}
	step.tuple = true
	return result, nil
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
	u := &unit{kind: conditionUnit, kindName: "condition", op: op, position: n.Position(), sequences: true}
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

func (p *planner) call(n *Call) (*unit, *Error) {
	arguments, err := p.units(n.Arguments)
	if err != nil {
		return nil, err
	}
	function, err := p.unit(n.Function)
	if err != nil {
		return nil, err
	}
	op := &call{function: function, arguments: arguments, position: n.Position()}
	op.token, op.tokenSet = function.token()
	if function.kind == pathUnit {
		op.missed = p.dialect.functions[function.steps.steps[0].name]
	}
	for _, argument := range n.Arguments {
		_, fresh := argument.(*Lambda)
		op.fresh = append(op.fresh, fresh)
	}
	u := &unit{kind: callUnit, kindName: "function", op: op, position: n.Position(), sequences: true}
	if n.Partial() {
		p.captures()
		holes := make([]bool, len(arguments))
		for i, argument := range n.Arguments {
			_, holes[i] = argument.(*Placeholder)
		}
		u.kind, u.kindName, u.op = otherUnit, "partial", &partial{op, holes}
	}
	for _, argument := range arguments {
		u.seek(argument)
	}
	return u, nil
}

// token returns how errors call what is invoked: by the name of a variable or of
// a path's first step, else by what is written first, for some kinds.
func (u *unit) token() (string, bool) {
	switch u.kind {
	case pathUnit:
		return u.steps.steps[0].token()
	case variableUnit, nameUnit:
		return u.name, true
	case literalUnit:
		if s, ok := u.value.Str(); ok {
			return s, true
		}
		return u.value.String(), true
	case callUnit:
		return "(", true
	case arrayUnit:
		return "[", true
	}
	switch op := u.op.(type) {
	case wildcardOp:
		return "*", true
	case descendantsOp:
		return "**", true
	case *partial:
		return "(", true
	case *grouping:
		return "{", true
	case *negation:
		return "-", true
	case *assignment:
		return ":=", true
	case *apply:
		return "~>", true
	case interface{ symbol() string }:
		return op.symbol(), true
	}
	return "", false
}

func (p *planner) lambda(n *Lambda) (*unit, *Error) {
	p.captures()
	l := &lambda{signature: n.signature}
	for _, parameter := range n.Parameters {
		l.parameters = append(l.parameters, parameter.Name)
	}
	p.lambdas = append(p.lambdas, l)
	p.blocks = append(p.blocks, nil)
	body, err := p.unit(n.Body)
	p.lambdas = p.lambdas[:len(p.lambdas)-1]
	p.blocks = p.blocks[:len(p.blocks)-1]
	if err != nil {
		return nil, err
	}
	l.body = tail(body)
	return &unit{kindName: "lambda", op: l, position: n.Position()}, nil
}

// tail makes the calls that end a function's body return to the caller first, so
// that recursion through them needs no depth.
func tail(u *unit) *unit {
	if u.predicates != nil || u.group != nil {
		return u
	}
	switch op := u.op.(type) {
	case *call:
		return &unit{kindName: "lambda", op: &tailCall{op}, position: u.position}
	case *condition:
		op.then = tail(op.then)
		if op.otherwise != nil {
			op.otherwise = tail(op.otherwise)
		}
	case *block:
		if n := len(op.items); n > 0 {
			op.items[n-1] = tail(op.items[n-1])
		}
	}
	return u
}

func (p *planner) transform(n *Transform) (*unit, *Error) {
	p.captures()
	op := &transform{position: n.Position()}
	var err *Error
	if op.pattern, err = p.unit(n.Pattern); err != nil {
		return nil, err
	}
	if op.update, err = p.unit(n.Update); err != nil {
		return nil, err
	}
	if n.Delete != nil {
		if op.delete, err = p.unit(n.Delete); err != nil {
			return nil, err
		}
	}
	return &unit{kindName: "transform", op: op, position: n.Position()}, nil
}

func (p *planner) apply(n *Binary) (*unit, *Error) {
	left, err := p.unit(n.Left)
	if err != nil {
		return nil, err
	}
	right, err := p.unit(n.Right)
	if err != nil {
		return nil, err
	}
	op := &apply{left: left, right: right, position: n.Position()}
	op.call, _ = right.op.(*call)
	u := &unit{kindName: "apply", op: op, position: n.Position(), sequences: true}
	u.keepArray = left.keepArray || right.keepArray
	return u, nil
}
