package asl

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Placeholder is a text such as "${Name}" that SAM, CloudFormation or
// Terraform replaces before AWS sees the definition, and that stands without
// quotes, where a number or an object is expected. It is found inside a
// [value.Opaque]. A placeholder within quotes is an ordinary string.
type Placeholder string

// substituted reports whether a text has a placeholder in it, so that nobody
// knows yet what it will say.
func substituted(text string) bool {
	i := strings.Index(text, "${")
	return i >= 0 && strings.IndexByte(text[i:], '}') > 0
}

// open reports whether the node's value is known only after a deployment tool
// has been over it: a placeholder with or without quotes, or a function of
// CloudFormation.
func (n *node) open() bool {
	switch n.kind {
	case value.KindOpaque:
		return true
	case value.KindString:
		return substituted(n.text)
	}
	return n.function()
}

// function reports whether the node is a call of one of CloudFormation's
// functions, which templates with the definition as an object may have anywhere.
func (n *node) function() bool {
	return n.kind == value.KindObject && len(n.kids) == 1 && functionName(n.kids[0].key)
}

func functionName(key string) bool { return key == "Ref" || strings.HasPrefix(key, "Fn::") }

// functionText returns the call as JSON, which is how the text fields of the
// model hold it.
func functionText(n *node) string { return string(n.value().AppendJSON(nil)) }

// functionValue gets the call back out of a text field.
func functionValue(text string) (value.Value, bool) {
	if !strings.HasPrefix(text, `{"Ref":`) && !strings.HasPrefix(text, `{"Fn::`) {
		return value.Value{}, false
	}
	v, err := value.Parse(text)
	return v, err == nil && v.Len() == 1
}

// Unresolved reports every placeholder that stands without quotes. Validate takes
// them as they are; who wants to run a definition, or to hand it to AWS, needs
// their values.
func (d *Document) Unresolved() diag.List { return d.unresolved(d.root, nil) }

func (d *Document) unresolved(n *node, list diag.List) diag.List {
	if n.kind == value.KindOpaque {
		list = append(list, d.diagnostic(n, n, unresolved, n.text))
	}
	for _, kid := range n.kids {
		list = d.unresolved(kid, list)
	}
	return list
}
