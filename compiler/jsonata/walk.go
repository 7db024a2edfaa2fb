package jsonata

import "strings"

// Children returns the parts of a node in the order in which they are written.
func Children(n Node) []Node {
	var parts []Node
	add := func(nodes ...Node) {
		for _, part := range nodes {
			if part != nil {
				parts = append(parts, part)
			}
		}
	}
	pairs := func(pairs []Pair) {
		for _, p := range pairs {
			add(p.Key, p.Value)
		}
	}
	switch n := n.(type) {
	case *Binary:
		add(n.Left, n.Right)
	case *Negation:
		add(n.Operand)
	case *Array:
		add(n.Items...)
	case *Object:
		pairs(n.Pairs)
	case *Group:
		add(n.Operand)
		pairs(n.Pairs)
	case *Filter:
		add(n.Operand, n.Predicate)
	case *Keep:
		add(n.Operand)
	case *Sort:
		add(n.Operand)
		for _, term := range n.Terms {
			add(term.Key)
		}
	case *Focus:
		add(n.Operand, n.Variable)
	case *Index:
		add(n.Operand, n.Variable)
	case *Assignment:
		add(n.Variable, n.Value)
	case *Condition:
		add(n.Test, n.Then, n.Else)
	case *Block:
		add(n.Items...)
	case *Call:
		add(n.Function)
		add(n.Arguments...)
	case *Lambda:
		for _, parameter := range n.Parameters {
			add(parameter)
		}
		add(n.Body)
	case *Transform:
		add(n.Pattern, n.Update, n.Delete)
	}
	return parts
}

// Walk calls visit for a node and all the nodes in it, parents first. It goes
// into a node only if visit returns true.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	for _, part := range Children(n) {
		Walk(part, visit)
	}
}

// Refusals returns what AWS refuses of the expression when a state machine is
// created: there is no input document, so that names, wildcards and $ have
// nothing to refer to at the top level, and $$ nowhere; and there is no $eval.
// Inside of a path, a predicate and the like the context value is what stands
// before, and names are fine.
//
// The code of the errors is empty; their texts are those of AWS.
func (e *Expr) Refusals() []*Error {
	r := refuser{}
	r.visit(e.root, true)
	return r.found
}

type refuser struct{ found []*Error }

func (r *refuser) refuse(n Node, name string) {
	r.found = append(r.found, &Error{
		Position: n.Position(), Token: name, tokenSet: true,
		Message: "Reference to '" + name + "' at the top level is not supported",
	})
}

// visit looks at a node; top says that there is no context value.
func (r *refuser) visit(n Node, top bool) {
	switch n := n.(type) {
	case *Name:
		if top {
			r.refuse(n, n.Value)
		}
		return
	case *Wildcard, *Descendants, *Parent:
		if top {
			r.refuse(n, n.String())
		}
		return
	case *Variable:
		r.variable(n, top)
		return
	case *Binary:
		if n.Operator == "." {
			r.dot(n, top)
			return
		}
	case *Filter:
		r.visit(n.Operand, top)
		r.visit(n.Predicate, false)
		return
	case *Group:
		r.visit(n.Operand, top)
		for _, p := range n.Pairs {
			r.visit(p.Key, false)
			r.visit(p.Value, false)
		}
		return
	case *Sort:
		r.visit(n.Operand, top)
		for _, term := range n.Terms {
			r.visit(term.Key, false)
		}
		return
	case *Focus:
		r.visit(n.Operand, top)
		return
	case *Index:
		r.visit(n.Operand, top)
		return
	case *Transform:
		for _, part := range Children(n) {
			r.visit(part, false)
		}
		return
	}
	for _, part := range Children(n) {
		r.visit(part, top)
	}
}

func (r *refuser) variable(n *Variable, top bool) {
	switch {
	case n.Name == "" && top, n.Name == "$":
		r.refuse(n, "$"+n.Name)
	case n.Name == "eval":
		r.found = append(r.found, &Error{
			Position: n.Position(), Token: "eval", tokenSet: true, Message: "Function $eval is not supported",
		})
	}
}

// dot looks at two steps. A string at the beginning of a path is a name.
func (r *refuser) dot(n *Binary, top bool) {
	if name, ok := n.Left.(*Literal); ok && top {
		if s, ok := name.Value.Str(); ok {
			r.refuse(name, s)
		}
	}
	r.visit(n.Left, top)
	r.visit(n.Right, false)
}

// A Reference is a variable that an expression refers to but does not bind.
type Reference struct {
	Name string
	// Path is the names that follow it in a path, as far as they are plain: for
	// $states.input.order[0].id they are input and order.
	Path []string
	// Position is that of the variable.
	Position int
}

// String returns the reference as it is written.
func (r Reference) String() string {
	return "$" + strings.Join(append([]string{r.Name}, r.Path...), ".")
}

// Variables returns the variables that the expression refers to but does not
// bind itself, in the order in which they are written. The context variables $
// and $$ are none, nor are the built-in functions of the dialect: who names a
// variable like one of these is not told.
func (e *Expr) Variables() []Reference {
	f := finder{dialect: e.dialect}
	f.visit(e.root, nil)
	return f.found
}

// A finder keeps the names that are bound where it is.
type finder struct {
	dialect *dialect
	bound   []string
	found   []Reference
}

func (f *finder) isBound(name string) bool {
	for _, b := range f.bound {
		if b == name {
			return true
		}
	}
	return false
}

// within visits nodes in a scope of their own.
func (f *finder) within(names []string, nodes ...Node) {
	bound := len(f.bound)
	f.bound = append(f.bound, names...)
	for _, n := range nodes {
		f.visit(n, nil)
	}
	f.bound = f.bound[:bound]
}

// visit looks at a node, behind which the names of path follow.
func (f *finder) visit(n Node, path []string) {
	switch n := n.(type) {
	case *Variable:
		if n.Name == "" || n.Name == "$" || f.isBound(n.Name) || f.dialect.functions[n.Name] != nil {
			return
		}
		f.found = append(f.found, Reference{n.Name, path, n.Position()})
	case *Binary:
		if n.Operator == "." {
			f.visit(n.Left, append(leading(n.Right), f.after(n.Right, path)...))
			f.visit(n.Right, nil)
			return
		}
		f.visit(n.Left, nil)
		f.visit(n.Right, nil)
	case *Filter:
		f.visit(n.Operand, nil)
		f.visit(n.Predicate, nil)
	case *Keep:
		f.visit(n.Operand, path)
	case *Block:
		f.within(nil, n.Items...)
	case *Lambda:
		names := make([]string, len(n.Parameters))
		for i, parameter := range n.Parameters {
			names[i] = parameter.Name
		}
		f.within(names, n.Body)
	case *Assignment:
		f.visit(n.Value, nil)
		f.bound = append(f.bound, n.Variable.Name)
	case *Focus:
		f.visit(n.Operand, nil)
		f.bound = append(f.bound, n.Variable.Name)
	case *Index:
		f.visit(n.Operand, nil)
		f.bound = append(f.bound, n.Variable.Name)
	default:
		for _, part := range Children(n) {
			f.visit(part, nil)
		}
	}
}

// leading returns the plain name that a step is, if it is one, whatever follows
// it.
func leading(n Node) []string {
	switch n := n.(type) {
	case *Name:
		return []string{n.Value}
	case *Literal:
		if s, ok := n.Value.Str(); ok {
			return []string{s}
		}
	case *Keep:
		return leading(n.Operand)
	case *Filter:
		return leading(n.Operand)
	case *Focus:
		return leading(n.Operand)
	case *Index:
		return leading(n.Operand)
	}
	return nil
}

// after returns the names that follow a step, if it is nothing but a plain name.
func (f *finder) after(n Node, path []string) []string {
	switch n := n.(type) {
	case *Name, *Literal:
		return path
	case *Keep:
		return f.after(n.Operand, path)
	}
	return nil
}
