package jsonata

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func (p *parser) block(at place) (Node, *Error) {
	var items []Node
	for !p.is(")") {
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
		if !p.is(";") {
			break
		}
		if err := p.advance(false); err != nil {
			return nil, err
		}
	}
	return &Block{at, items}, p.expect(")", true)
}

func (p *parser) array(at place) (Node, *Error) {
	var items []Node
	for more := !p.is("]"); more; {
		item, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if p.is("..") {
			at := place(p.token.position)
			if err := p.advance(false); err != nil {
				return nil, err
			}
			last, err := p.expression(0)
			if err != nil {
				return nil, err
			}
			item = &Binary{at, "..", item, last}
		}
		items = append(items, item)
		if more, err = p.comma(); err != nil {
			return nil, err
		}
	}
	return &Array{at, items}, p.expect("]", true)
}

// comma passes over a comma and reports whether there was one.
func (p *parser) comma() (bool, *Error) {
	if !p.is(",") {
		return false, nil
	}
	return true, p.advance(false)
}

func (p *parser) pairs() ([]Pair, *Error) {
	var pairs []Pair
	for more := !p.is("}"); more; {
		key, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		if err := p.expect(":", false); err != nil {
			return nil, err
		}
		v, err := p.expression(0)
		if err != nil {
			return nil, err
		}
		pairs = append(pairs, Pair{key, v})
		if more, err = p.comma(); err != nil {
			return nil, err
		}
	}
	return pairs, p.expect("}", true)
}

func (p *parser) transform(at place) (Node, *Error) {
	n := &Transform{place: at}
	var err *Error
	if n.Pattern, err = p.expression(0); err != nil {
		return nil, err
	}
	if err := p.expect("|", false); err != nil {
		return nil, err
	}
	if n.Update, err = p.expression(0); err != nil {
		return nil, err
	}
	more, err := p.comma()
	if err != nil {
		return nil, err
	}
	if more {
		if n.Delete, err = p.expression(0); err != nil {
			return nil, err
		}
	}
	return n, p.expect("|", false)
}

func (p *parser) call(at place, function Node) (Node, *Error) {
	var arguments []Node
	for more := !p.is(")"); more; {
		argument, err := p.argument()
		if err != nil {
			return nil, err
		}
		arguments = append(arguments, argument)
		if more, err = p.comma(); err != nil {
			return nil, err
		}
	}
	if err := p.expect(")", true); err != nil {
		return nil, err
	}
	if name, ok := function.(*Name); ok && (name.Value == "function" || name.Value == "λ") {
		return p.lambda(at, arguments)
	}
	return &Call{at, function, arguments}, nil
}

func (p *parser) argument() (Node, *Error) {
	if p.is("?") {
		at := place(p.token.position)
		return &Placeholder{at}, p.advance(false)
	}
	return p.expression(0)
}

func (p *parser) lambda(at place, arguments []Node) (Node, *Error) {
	n := &Lambda{place: at}
	for i, argument := range arguments {
		parameter, ok := unkept(argument).(*Variable)
		if !ok {
			err := failAt("S0208", argument.Position(), "")
			err.Token, err.tokenSet = tokenOf(argument)
			err.Value = value.Int(int64(i + 1))
			return nil, err
		}
		n.Parameters = append(n.Parameters, parameter)
	}
	if p.is("<") {
		if err := p.signature(n); err != nil {
			return nil, err
		}
	}
	if err := p.expect("{", false); err != nil {
		return nil, err
	}
	var err *Error
	if n.Body, err = p.expression(0); err != nil {
		return nil, err
	}
	return n, p.expect("}", false)
}

// signature reads the tokens of a lambda's signature, of which only the text
// matters.
func (p *parser) signature(n *Lambda) *Error {
	at, depth := p.token.position, 1
	var b strings.Builder
	b.WriteByte('<')
	for depth > 0 && !p.is("{") && p.token.kind != endToken {
		if err := p.advance(false); err != nil {
			return err
		}
		if p.is(">") {
			depth--
		} else if p.is("<") {
			depth++
		}
		b.WriteString(p.token.text)
	}
	if err := p.expect(">", false); err != nil {
		return err
	}
	s, err := parseSignature(b.String())
	if err != nil {
		err.Position += at
		return err
	}
	n.signature = s
	n.Signature = s.String()
	return nil
}

func (p *parser) condition(at place, test Node) (Node, *Error) {
	n := &Condition{place: at, Test: test}
	var err *Error
	if n.Then, err = p.expression(0); err != nil {
		return nil, err
	}
	if p.is(":") {
		if err := p.advance(false); err != nil {
			return nil, err
		}
		n.Else, err = p.expression(0)
	}
	return n, err
}
