package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// maxDepth is how deep expressions may be nested in a source, and how high their
// trees may be. It keeps whatever goes through a tree far from the end of the
// stack.
const maxDepth = 1000

// A parser is a Pratt parser, which asks each token what it means at the
// beginning of an expression (prefix) and behind one (infix).
type parser struct {
	lexer lexer
	token token
	depth int
	// height is how high the trees are that were made since this was last set to
	// 0, those for one node.
	height int
}

func parse(source string) (Node, *Error) {
	p := parser{lexer: lexer{source: source}}
	if err := p.advance(false); err != nil {
		return nil, err
	}
	n, err := p.expression(0)
	if err != nil {
		return nil, err
	}
	if p.token.kind != endToken {
		return nil, p.unexpected("S0201", p.token)
	}
	return n, nil
}

func (p *parser) advance(operator bool) *Error {
	t, err := p.lexer.next(operator)
	p.token = t
	if p.is("!") || p.is("~") {
		return p.unexpected("S0204", t)
	}
	return err
}

// is reports whether the present token is that operator.
func (p *parser) is(operator string) bool {
	return p.token.kind == operatorToken && p.token.text == operator
}

// unexpected returns an error about a token. Numbers and words are mentioned as
// values.
func (p *parser) unexpected(code string, t token) *Error {
	err := failAt(code, t.position, t.text)
	if t.kind == numberToken || t.kind == wordToken {
		err.raw = t.value
		err.Token = t.value.String()
	}
	return err
}

// expect passes over an operator. What follows it may be an operator only behind
// brackets that end an operand.
func (p *parser) expect(operator string, thenOperator bool) *Error {
	if p.is(operator) {
		return p.advance(thenOperator)
	}
	code := "S0202"
	if p.token.kind == endToken {
		code = "S0203"
	}
	err := p.unexpected(code, p.token)
	err.Value = value.String(operator)
	return err
}

func (p *parser) expression(power int) (Node, *Error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.tooDeep()
	}
	before := p.height
	p.height = 0
	t := p.token
	if err := p.advance(true); err != nil {
		return nil, err
	}
	left, err := p.prefix(t)
	height := p.height + 1
	for err == nil && p.token.kind == operatorToken && power < powers[p.token.text] {
		// A chain of operators is a tree as high as the chain is long.
		if height >= maxDepth {
			return nil, p.tooDeep()
		}
		t = p.token
		p.height = 0
		if err = p.advance(false); err == nil {
			left, err = p.infix(t, left)
		}
		height = max(height, p.height) + 1
	}
	p.height = max(before, height)
	p.depth--
	return left, err
}

func (p *parser) tooDeep() *Error {
	return &Error{Code: "U1001", Position: p.token.position, Message: stackMessage}
}

// prefix makes a node of the token that begins an expression.
func (p *parser) prefix(t token) (Node, *Error) {
	at := place(t.position)
	switch t.kind {
	case nameToken:
		return &Name{at, t.text}, nil
	case variableToken:
		return &Variable{at, t.text}, nil
	case stringToken, numberToken, wordToken:
		return &Literal{at, t.value}, nil
	case regexToken:
		return newRegex(t)
	case endToken:
		return &missing{at}, nil
	}
	switch t.text {
	case "and", "or", "in":
		return &Name{at, t.text}, nil
	case "-":
		operand, err := p.expression(70)
		return &Negation{at, operand}, err
	case "*":
		return &Wildcard{at}, nil
	case "**":
		return &Descendants{at}, nil
	case "%":
		return &Parent{at}, nil
	case "(":
		return p.block(at)
	case "[":
		return p.array(at)
	case "{":
		pairs, err := p.pairs()
		return &Object{at, pairs}, err
	case "|":
		return p.transform(at)
	}
	return nil, p.unexpected("S0211", t)
}

// infix makes a node of an operator and what stands before it.
func (p *parser) infix(t token, left Node) (Node, *Error) {
	at := place(t.position)
	switch t.text {
	case "(":
		return p.call(at, left)
	case "[":
		return p.filter(at, left)
	case "{":
		pairs, err := p.pairs()
		return &Group{at, left, pairs}, err
	case "^":
		return p.sort(at, left)
	case ":=":
		return p.assignment(at, left)
	case "@", "#":
		return p.binding(t, left)
	case "?":
		return p.condition(at, left)
	}
	right, err := p.expression(powers[t.text])
	return &Binary{at, t.text, left, right}, err
}

// filter reads a predicate, or the empty brackets that keep an array.
func (p *parser) filter(at place, left Node) (Node, *Error) {
	if !p.is("]") {
		predicate, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		return &Filter{at, left, predicate}, p.expect("]", true)
	}
	// They belong to the step, whatever predicates it has.
	step := &left
	for {
		filter, ok := (*step).(*Filter)
		if !ok {
			break
		}
		step = &filter.Operand
	}
	if _, ok := (*step).(*Keep); !ok {
		*step = &Keep{place((*step).Position()), *step}
	}
	return left, p.advance(false)
}

func (p *parser) sort(at place, left Node) (Node, *Error) {
	if err := p.expect("(", false); err != nil {
		return nil, err
	}
	n := &Sort{place: at, Operand: left}
	for more := true; more; {
		var term Term
		if p.is("<") || p.is(">") {
			term.Descending = p.is(">")
			if err := p.advance(false); err != nil {
				return nil, err
			}
		}
		var err *Error
		if term.Key, err = p.expression(0); err != nil {
			return nil, err
		}
		n.Terms = append(n.Terms, term)
		if more, err = p.comma(); err != nil {
			return nil, err
		}
	}
	return n, p.expect(")", false)
}

func (p *parser) assignment(at place, left Node) (Node, *Error) {
	variable, ok := unkept(left).(*Variable)
	if !ok {
		err := &Error{Code: "S0212", Position: left.Position()}
		err.Token, err.tokenSet = tokenOf(left)
		return nil, err
	}
	v, err := p.expression(powers[":="] - 1)
	return &Assignment{at, variable, v}, err
}

// unkept returns the node without the empty brackets behind it, which jsonata-js
// overlooks behind the name of a variable that is bound.
func unkept(n Node) Node {
	if k, ok := n.(*Keep); ok {
		return k.Operand
	}
	return n
}

func (p *parser) binding(t token, left Node) (Node, *Error) {
	right, err := p.expression(80)
	if err != nil {
		return nil, err
	}
	variable, ok := right.(*Variable)
	if !ok {
		return nil, failAt("S0214", right.Position(), t.text)
	}
	if t.text == "@" {
		return &Focus{place(t.position), left, variable}, nil
	}
	return &Index{place(t.position), left, variable}, nil
}

// tokenOf returns the value of the token that a node is named by in errors.
func tokenOf(n Node) (string, bool) {
	switch n := n.(type) {
	case *Name:
		return n.Value, true
	case *Variable:
		return n.Name, true
	case *Literal:
		if s, ok := n.Value.Str(); ok {
			return s, true
		}
		return n.Value.String(), true
	case *Binary:
		return n.Operator, true
	case *Keep:
		return tokenOf(n.Operand)
	case *Negation:
		return "-", true
	case *Wildcard:
		return "*", true
	case *Descendants:
		return "**", true
	case *Parent:
		return "%", true
	case *Block, *Call, *Lambda:
		return "(", true
	case *Array, *Filter:
		return "[", true
	case *Object, *Group:
		return "{", true
	case *Condition, *Placeholder:
		return "?", true
	case *Sort:
		return "^", true
	case *Focus:
		return "@", true
	case *Index:
		return "#", true
	case *Assignment:
		return ":=", true
	case *Transform:
		return "|", true
	}
	return "", false
}

// A missing stands where the source ended. No finished tree has one.
type missing struct{ place }

func (*missing) String() string { return "(end)" }
func (*missing) print(*printer) {}
