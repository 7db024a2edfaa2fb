package jsonata

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
