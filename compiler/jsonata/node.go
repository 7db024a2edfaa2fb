package jsonata

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Node is a part of an expression's syntax tree: one of the pointer types of
// this file. Trees are immutable.
//
// The tree is what was written, parentheses included (they are a [*Block]).
// What jsonata-js makes of it afterwards, paths and their steps, is not part of
// it.
type Node interface {
	// Position returns where the node is, as the errors have it: in UTF-16 units,
	// at the end of the token that makes it what it is, such as an operator.
	Position() int
	// String returns the node as canonical source, which compiles to the same
	// tree.
	String() string

	print(p *printer)
}

// A place is the position of a node.
type place int

// Position implements [Node].
func (p place) Position() int { return int(p) }

type (
	// A Name is a name in a path: the member of an object.
	Name struct {
		place
		Value string
	}

	// A Variable is $name; the name of $ is empty, that of $$ is "$".
	Variable struct {
		place
		Name string
	}

	// A Literal is a string, a number, true, false or null.
	Literal struct {
		place
		Value value.Value
	}

	// A Regex is /pattern/ with the flags i and m.
	Regex struct {
		place
		Pattern, Flags string
		program        *matcher
	}

	// A Wildcard is *, all members.
	Wildcard struct{ place }

	// A Descendants is **, everything below.
	Descendants struct{ place }

	// A Parent is %, the object that the context value came from.
	Parent struct{ place }

	// A Placeholder is the ? among the arguments of a partial application.
	Placeholder struct{ place }

	// A Binary is two operands and an operator: one of . + - * / % = != < <= > >=
	// & and or in ~> or .. (the last only as an item of an [Array]).
	Binary struct {
		place
		Operator    string
		Left, Right Node
	}

	// A Negation is a minus sign in front of an operand.
	Negation struct {
		place
		Operand Node
	}

	// An Array is an array constructor.
	Array struct {
		place
		Items []Node
	}

	// A Pair is a key and its value in an [Object] or a [Group].
	Pair struct{ Key, Value Node }

	// An Object is an object constructor.
	Object struct {
		place
		Pairs []Pair
	}

	// A Group is the operand, grouped by an object constructor behind it.
	Group struct {
		place
		Operand Node
		Pairs   []Pair
	}

	// A Filter is the operand with a predicate or an index in brackets.
	Filter struct {
		place
		Operand, Predicate Node
	}

	// A Keep is the operand with empty brackets: a single value stays an array.
	Keep struct {
		place
		Operand Node
	}

	// A Term is a key that a [Sort] sorts by.
	Term struct {
		Key        Node
		Descending bool
	}

	// A Sort is the operand with an order-by clause.
	Sort struct {
		place
		Operand Node
		Terms   []Term
	}

	// A Focus is the operand with @$name behind it.
	Focus struct {
		place
		Operand  Node
		Variable *Variable
	}

	// An Index is the operand with #$name behind it.
	Index struct {
		place
		Operand  Node
		Variable *Variable
	}

	// An Assignment is $name := value.
	Assignment struct {
		place
		Variable *Variable
		Value    Node
	}

	// A Condition is test ? then : else; Else may be nil.
	Condition struct {
		place
		Test, Then, Else Node
	}

	// A Block is expressions in parentheses.
	Block struct {
		place
		Items []Node
	}

	// A Call calls a function, or applies it partially when there is a
	// [*Placeholder] among the arguments.
	Call struct {
		place
		Function  Node
		Arguments []Node
	}

	// A Lambda is function($a, $b)<signature>{ body }.
	Lambda struct {
		place
		Parameters []*Variable
		Signature  string // with its angle brackets, or empty
		Body       Node
		signature  *signature
	}

	// A Transform is |pattern|update, delete|; Delete may be nil.
	Transform struct {
		place
		Pattern, Update, Delete Node
	}
)

// Partial reports whether the call is a partial application.
func (c *Call) Partial() bool {
	for _, argument := range c.Arguments {
		if _, ok := argument.(*Placeholder); ok {
			return true
		}
	}
	return false
}
