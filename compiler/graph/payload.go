package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Payload is JSON with expressions in it: a payload template of JSONPath, or
// any JSON with JSONata strings.
type Payload struct {
	constant *value.Doc
	template *jsonpath.Template
	needs    needs
	tree     node
}

// Constant returns the payload's value when nothing in it is evaluated, else
// nil.
func (p *Payload) Constant() *value.Doc { return p.constant }

// Expression returns the JSONata string that is the whole payload, else nil.
func (p *Payload) Expression() *Expression { return p.tree.expression }

// Eval returns a new document with every expression replaced by its value. In
// JSONata the error is a [*QueryError], in JSONPath its text is AWS's.
func (p *Payload) Eval(e *Env) (*value.Doc, error) {
	if p.constant != nil {
		return p.constant, nil
	}
	var v value.Value
	var err error
	if p.template != nil {
		v, err = p.template.Eval(e.paths(p.needs))
	} else {
		v, err = p.tree.eval(e)
	}
	if err != nil {
		return nil, err
	}
	return value.DocOf(v), nil
}

// A node is JSON with JSONata strings in it. Exactly one of its fields is set.
type node struct {
	constant   value.Value
	expression *Expression
	items      []node
	members    []nodeMember
}

type nodeMember struct {
	key  string
	node node
}

func (n *node) eval(e *Env) (value.Value, error) {
	switch {
	case n.expression != nil:
		return n.expression.Eval(e)
	case n.items != nil:
		items := make([]value.Value, len(n.items))
		for i := range n.items {
			v, err := n.items[i].eval(e)
			if err != nil {
				return value.Value{}, err
			}
			items[i] = v
		}
		return value.List(items...), nil
	case n.members != nil:
		members := make([]value.Member, len(n.members))
		for i := range n.members {
			v, err := n.members[i].node.eval(e)
			if err != nil {
				return value.Value{}, err
			}
			members[i] = value.Member{Key: n.members[i].key, Value: v}
		}
		return value.Object(members...), nil
	}
	return n.constant, nil
}

// query compiles JSON with JSONata strings at any depth. Keys are never
// evaluated. Absent is nil.
func (c *compiler) query(at pointer, field string, v value.Value) *Payload {
	if v.IsUndefined() {
		return nil
	}
	tree, dynamic := c.node(at, field, v)
	if !dynamic {
		return &Payload{constant: value.DocOf(v)}
	}
	return &Payload{tree: tree}
}

func (c *compiler) node(at pointer, field string, v value.Value) (n node, dynamic bool) {
	if source, ok := isExpression(v); ok {
		return node{expression: c.expression(at, field, source)}, true
	}
	switch v.Kind() {
	case value.KindList:
		items := make([]node, v.Len())
		for i, item := range v.Items() {
			var d bool
			items[i], d = c.node(at.item(i), field+itemSuffix(i), item)
			dynamic = dynamic || d
		}
		n.items = items
	case value.KindObject:
		members := make([]nodeMember, v.Len())
		for i, m := range v.Members() {
			var d bool
			members[i].key = m.Key
			members[i].node, d = c.node(at.key(m.Key), field+"/"+m.Key, m.Value)
			dynamic = dynamic || d
		}
		n.members = members
	}
	if !dynamic {
		return node{constant: v}, false
	}
	return n, true
}

// template compiles a payload template of JSONPath. Absent is nil.
func (c *compiler) template(at pointer, v value.Value) *Payload {
	if v.IsUndefined() {
		return nil
	}
	var n needs
	dynamic := false
	t, err := jsonpath.CompileTemplate(v, func(text string) (jsonpath.Evaluator, error) {
		dynamic = true
		n = n.and(needsOf(text))
		return intrinsic.CompileDynamic(text)
	})
	switch {
	case err != nil:
		c.fail(at, "%v", err)
		return nil
	case !dynamic:
		return &Payload{constant: value.DocOf(v)}
	}
	return &Payload{template: t, needs: n}
}

// payload compiles a field that both languages have.
func (c *compiler) payload(at pointer, field string, v value.Value, jsonata bool) *Payload {
	if jsonata {
		return c.query(at.key(field), field, v)
	}
	return c.template(at.key(field), v)
}
