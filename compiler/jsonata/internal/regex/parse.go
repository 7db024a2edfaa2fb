// Package regex is the regular expressions of JavaScript, over UTF-16 and
// without the u flag, as JSONata has them: lookaround and references included.
//
// RE2 cannot express all of them, and means something else by some that it can:
// captures inside loops, \s, the dot, case folding and characters beyond the
// basic plane. So the matcher is one of its own. It backtracks on a stack on the
// heap, counts every step against a budget, and remembers dead ends, so that
// patterns without references and lookaround need time linear in the text.
package regex

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// A node is a part of a pattern.
type node struct {
	kind     nodeKind
	unit     uint16  // of a char
	set      *set    // of a class
	nodes    []*node // of a sequence or alternatives; [0] of the others
	group    int     // of a group or reference; 0 does not capture
	name     string  // of a reference
	min, max int     // of a loop; max < 0 is without end
	lazy     bool    // of a loop
	negative bool    // of a look or boundary
	behind   bool    // of a look
	groups   [2]int  // the groups inside a loop, from and to
}

type nodeKind uint8

const (
	charNode nodeKind = iota
	setNode
	sequenceNode
	alternativesNode
	groupNode
	loopNode
	beginNode
	endNode
	boundaryNode
	referenceNode
	lookNode
)

const (
	maxNesting = 200
	maxRepeat  = 10_000
)

type parser struct {
	s      []uint16
	at     int
	groups int
	total  int // groups in the whole pattern
	names  map[string]int
	named  bool // some group has a name
	depth  int
}

type syntaxError string

func (e syntaxError) Error() string { return string(e) }

// parse reads a pattern. Errors are panics of syntaxError, which Compile turns
// into errors.
func (p *parser) parse() *node {
	p.total = p.countGroups()
	p.named = p.hasNames()
	n := p.alternatives()
	if p.at < len(p.s) {
		panic(syntaxError("Unmatched ')'"))
	}
	return n
}

// countGroups counts the capturing groups, which tells a reference such as \2
// from an octal escape.
func (p *parser) countGroups() (count int) {
	class := false
	for i := 0; i < len(p.s); i++ {
		switch p.s[i] {
		case '\\':
			i++
		case '[':
			class = true
		case ']':
			class = false
		case '(':
			if !class && (!p.sees(i+1, "?") || p.sees(i+1, "?<") && !p.sees(i+1, "?<=") && !p.sees(i+1, "?<!")) {
				count++
			}
		}
	}
	return count
}

func (p *parser) sees(i int, text string) bool {
	for k := range len(text) {
		if i+k >= len(p.s) || p.s[i+k] != uint16(text[k]) {
			return false
		}
	}
	return true
}

// take passes over the text if it comes next.
func (p *parser) take(text string) bool {
	if !p.sees(p.at, text) {
		return false
	}
	p.at += len(text)
	return true
}

func (p *parser) alternatives() *node {
	if p.depth++; p.depth > maxNesting {
		panic(syntaxError("Regular expression too large"))
	}
	defer func() { p.depth-- }()
	nodes := []*node{p.sequence()}
	for p.take("|") {
		nodes = append(nodes, p.sequence())
	}
	if len(nodes) == 1 {
		return nodes[0]
	}
	return &node{kind: alternativesNode, nodes: nodes}
}

func (p *parser) sequence() *node {
	n := &node{kind: sequenceNode}
	for p.at < len(p.s) && !p.sees(p.at, "|") && !p.sees(p.at, ")") {
		from := p.groups
		term := p.term()
		n.nodes = append(n.nodes, p.quantified(term, from))
	}
	return n
}

func (p *parser) quantified(term *node, from int) *node {
	lowest, highest, ok := p.quantifier()
	if !ok {
		return term
	}
	switch term.kind {
	case beginNode, endNode, boundaryNode:
		panic(syntaxError("Nothing to repeat"))
	case lookNode:
		if term.behind {
			panic(syntaxError("Nothing to repeat"))
		}
	}
	if highest >= 0 && lowest > highest {
		panic(syntaxError("numbers out of order in {} quantifier"))
	}
	if lowest > maxRepeat || highest > maxRepeat {
		panic(syntaxError("Regular expression too large"))
	}
	return &node{
		kind: loopNode, nodes: []*node{term}, min: lowest, max: highest, lazy: p.take("?"),
		groups: [2]int{from + 1, p.groups + 1},
	}
}

// quantifier reads * + ? or {n,m}. Braces that are no quantifier are left.
func (p *parser) quantifier() (lowest, highest int, ok bool) {
	switch {
	case p.take("*"):
		return 0, -1, true
	case p.take("+"):
		return 1, -1, true
	case p.take("?"):
		return 0, 1, true
	case p.sees(p.at, "{"):
		start := p.at
		p.at++
		if lowest, ok = p.integer(); ok {
			highest = lowest
			if p.take(",") {
				if highest, ok = p.integer(); !ok {
					highest = -1
				}
			}
			if p.take("}") {
				return lowest, highest, true
			}
		}
		p.at = start
	}
	return 0, 0, false
}

func (p *parser) integer() (n int, ok bool) {
	for p.at < len(p.s) && '0' <= p.s[p.at] && p.s[p.at] <= '9' {
		n = min(n*10+int(p.s[p.at]-'0'), maxRepeat+1)
		p.at++
		ok = true
	}
	return n, ok
}

func char(unit uint16) *node { return &node{kind: charNode, unit: unit} }
func class(s *set) *node     { return &node{kind: setNode, set: s} }

func (p *parser) term() *node {
	unit := p.s[p.at]
	if unit > 0x7F || !strings.ContainsRune(`^$.[(\*+?{`, rune(unit)) {
		p.at++
		return char(unit)
	}
	switch {
	case p.take("^"):
		return &node{kind: beginNode}
	case p.take("$"):
		return &node{kind: endNode}
	case p.take("."):
		return class(dot)
	case p.take("["):
		s, negative := p.class()
		return &node{kind: setNode, set: s, negative: negative}
	case p.take("("):
		return p.parenthesis()
	case p.take(`\`):
		return p.escape()
	}
	if _, _, ok := p.quantifier(); ok {
		panic(syntaxError("Nothing to repeat"))
	}
	p.at++
	return char(unit)
}

func (p *parser) parenthesis() *node {
	n := &node{kind: groupNode}
	switch {
	case p.take("?:"):
	case p.take("?="):
		n.kind = lookNode
	case p.take("?!"):
		n.kind, n.negative = lookNode, true
	case p.take("?<="):
		n.kind, n.behind = lookNode, true
	case p.take("?<!"):
		n.kind, n.behind, n.negative = lookNode, true, true
	case p.take("?<"):
		p.capture(n)
		name := p.name()
		if _, ok := p.names[name]; ok {
			panic(syntaxError("Duplicate capture group name"))
		}
		if p.names == nil {
			p.names = map[string]int{}
		}
		p.names[name] = n.group
	case p.take("?"):
		panic(syntaxError("Invalid group"))
	default:
		p.capture(n)
	}
	n.nodes = []*node{p.alternatives()}
	if !p.take(")") {
		panic(syntaxError("Unterminated group"))
	}
	return n
}

func (p *parser) capture(n *node) {
	p.groups++
	n.group = p.groups
}

func (p *parser) name() string {
	start := p.at
	for p.at < len(p.s) && p.s[p.at] != '>' {
		p.at++
	}
	name := string(utf16.Decode(p.s[start:p.at]))
	if name == "" || !p.take(">") {
		panic(syntaxError("Invalid capture group name"))
	}
	return name
}

func (p *parser) escape() *node {
	if p.at >= len(p.s) {
		panic(syntaxError(`\ at end of pattern`))
	}
	switch {
	case p.take("b"):
		return &node{kind: boundaryNode}
	case p.take("B"):
		return &node{kind: boundaryNode, negative: true}
	case p.sees(p.at, "k<") && p.named:
		p.at += 2
		return &node{kind: referenceNode, name: p.name()}
	}
	if c := p.s[p.at]; '1' <= c && c <= '9' {
		start := p.at
		if group, _ := p.integer(); group <= p.total {
			return &node{kind: referenceNode, group: group}
		}
		p.at = start
	}
	if s := p.classEscape(); s != nil {
		return class(s)
	}
	return char(p.charEscape())
}

func (p *parser) hasNames() bool {
	for i := range p.s {
		if p.sees(i, "(?<") && !p.sees(i, "(?<=") && !p.sees(i, "(?<!") {
			return true
		}
	}
	return false
}

func invalid(pattern string, reason any) error {
	return fmt.Errorf("Invalid regular expression: /%s/: %v", pattern, reason) //nolint:staticcheck // JavaScript's text
}
