package asl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// maxVariable is how many bytes of JSON a variable, and all that one Assign sets,
// may have.
const maxVariable = 256 << 10

// assign checks the variables that a state sets.
func assign(c *checker, n *node, in *site) {
	if n.open() {
		return
	}
	if n.kind != value.KindObject {
		c.say(n, wrongType, n.key, "an object of variables")
		return
	}
	inside := *in
	inside.result = in.hasResult()
	inside.at = noStage
	for _, kid := range n.members() {
		name := kid.key
		if in.language == JSONPath {
			name = strings.TrimSuffix(name, ".$")
		}
		if why := notAVariable(name); why != "" && !substituted(name) {
			c.sayKey(kid, badVariable, name, why)
		}
		in.edge.assigns = append(in.edge.assigns, assigned{name, kid})
	}
	if in.language == JSONPath {
		c.templateMembers(n, &inside)
	} else {
		expression(c, n, &inside)
	}
	if size := n.end - n.start; size > maxVariable {
		if size = len(n.value().AppendJSON(nil)); size > maxVariable {
			c.say(n, largeVariable, size, maxVariable)
		}
	}
}

// An assigned is a variable that an edge sets.
type assigned struct {
	name string
	node *node
}

// notAVariable says why a text cannot be the name of a variable.
func notAVariable(name string) string {
	switch {
	case name == "states":
		return "it is reserved"
	case name == "":
		return "it is empty"
	case utf8.RuneCountInString(name) > maxName:
		return "it is longer than 80 characters"
	}
	for i, r := range name {
		first := r == '_' || unicode.IsLetter(r) || unicode.Is(unicode.Nl, r) || unicode.Is(unicode.Other_ID_Start, r)
		if i == 0 && (!first || r == '_') {
			return "it must begin with a letter"
		}
		if !first && !unicode.In(r, unicode.Mn, unicode.Mc, unicode.Nd, unicode.Pc, unicode.Other_ID_Continue) {
			return "it may have letters, digits and '_' only"
		}
	}
	return ""
}
