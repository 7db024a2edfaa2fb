package regex

import "unicode/utf16"

// A Program is a compiled pattern. It is immutable and safe for concurrent use.
type Program struct {
	code      []instruction
	groups    int // the whole match included
	registers int // for loops that may match nothing
	splits    int
	memory    bool // dead ends depend on nothing but place and position
	ignore    bool // case
	multiline bool
	first     int // the unit that every match begins with, or -1
}

type opcode uint8

const (
	opChar opcode = iota
	opSet
	opSplit // try x, then y
	opJump
	opSave
	opReset // forget the groups from x to y
	opBegin
	opEnd
	opBoundary
	opReference
	opLook  // the code behind it, up to opMatch; then x
	opMark  // remember the position in register x
	opMoved // fail where the position is still that of register x
	opMatch
)

type instruction struct {
	op       opcode
	negative bool
	back     bool // read the text backwards
	unit     uint16
	x, y     int
	set      *set
}

const maxCode = 20_000

// Compile compiles a pattern with the flags i and m. The error's text is
// JavaScript's.
func Compile(pattern, flags string) (_ *Program, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			syntax, ok := reason.(syntaxError)
			if !ok {
				panic(reason)
			}
			err = invalid(pattern, syntax)
		}
	}()
	p := &parser{s: utf16.Encode([]rune(pattern))}
	tree := p.parse()
	c := &compiler{Program: Program{groups: p.groups + 1, memory: true, first: -1}, names: p.names}
	for _, flag := range flags {
		c.ignore = c.ignore || flag == 'i'
		c.multiline = c.multiline || flag == 'm'
	}
	c.node(tree, false)
	c.emit(instruction{op: opMatch})
	if op := c.code[0]; op.op == opChar && !c.ignore {
		c.first = int(op.unit)
	}
	program := c.Program
	return &program, nil
}

type compiler struct {
	Program
	names map[string]int
}

func (c *compiler) emit(i instruction) int {
	if len(c.code) >= maxCode {
		panic(syntaxError("Regular expression too large"))
	}
	c.code = append(c.code, i)
	return len(c.code) - 1
}

func (c *compiler) node(n *node, back bool) {
	switch n.kind {
	case charNode:
		unit := n.unit
		if c.ignore {
			unit = fold(unit)
		}
		c.emit(instruction{op: opChar, unit: unit, back: back})
	case setNode:
		s, negative := n.set, n.negative
		if negative && !c.ignore {
			s, negative = s.not(), false
		}
		c.emit(instruction{op: opSet, set: s, negative: negative, back: back})
	case sequenceNode:
		for i := range n.nodes {
			if back {
				i = len(n.nodes) - 1 - i
			}
			c.node(n.nodes[i], back)
		}
	case alternativesNode:
		c.alternatives(n, back)
	case groupNode:
		c.group(n, back)
	case loopNode:
		c.loop(n, back)
	case beginNode:
		c.emit(instruction{op: opBegin})
	case endNode:
		c.emit(instruction{op: opEnd})
	case boundaryNode:
		c.emit(instruction{op: opBoundary, negative: n.negative})
	case referenceNode:
		c.reference(n, back)
	case lookNode:
		c.memory = false
		at := c.emit(instruction{op: opLook, negative: n.negative})
		c.node(n.nodes[0], n.behind)
		c.emit(instruction{op: opMatch})
		c.code[at].x = len(c.code)
	}
}

func (c *compiler) reference(n *node, back bool) {
	group := n.group
	if n.name != "" {
		var ok bool
		if group, ok = c.names[n.name]; !ok {
			panic(syntaxError("Invalid named capture referenced"))
		}
	}
	c.memory = false
	c.emit(instruction{op: opReference, x: group, back: back})
}

func (c *compiler) split() int {
	c.splits++
	return c.emit(instruction{op: opSplit, unit: 0})
}

func (c *compiler) alternatives(n *node, back bool) {
	var jumps []int
	for i, part := range n.nodes {
		if i == len(n.nodes)-1 {
			c.node(part, back)
			break
		}
		at := c.split()
		c.code[at].x = len(c.code)
		c.node(part, back)
		jumps = append(jumps, c.emit(instruction{op: opJump}))
		c.code[at].y = len(c.code)
	}
	for _, at := range jumps {
		c.code[at].x = len(c.code)
	}
}

func (c *compiler) group(n *node, back bool) {
	if n.group == 0 {
		c.node(n.nodes[0], back)
		return
	}
	first, second := n.group*2, n.group*2+1
	if back {
		first, second = second, first
	}
	c.emit(instruction{op: opSave, x: first})
	c.node(n.nodes[0], back)
	c.emit(instruction{op: opSave, x: second})
}

func (c *compiler) loop(n *node, back bool) {
	body := func() {
		if n.groups[0] < n.groups[1] {
			c.emit(instruction{op: opReset, x: n.groups[0], y: n.groups[1]})
		}
		c.node(n.nodes[0], back)
	}
	for range n.min {
		body()
	}
	empty := nullable(n.nodes[0])
	guarded := func() {
		if !empty {
			body()
			return
		}
		c.memory = false
		register := c.registers
		c.registers++
		c.emit(instruction{op: opMark, x: register})
		body()
		c.emit(instruction{op: opMoved, x: register})
	}
	if n.max < 0 {
		at := c.split()
		guarded()
		c.emit(instruction{op: opJump, x: at})
		c.branch(at, n.lazy)
		return
	}
	var splits []int
	for range n.max - n.min {
		splits = append(splits, c.split())
		c.code[len(c.code)-1].x = len(c.code)
		guarded()
	}
	for _, at := range splits {
		c.branch(at, n.lazy)
	}
}

// branch makes a split go on behind it, or leave to the end of the code.
func (c *compiler) branch(at int, lazy bool) {
	c.code[at].x, c.code[at].y = at+1, len(c.code)
	if lazy {
		c.code[at].x, c.code[at].y = c.code[at].y, c.code[at].x
	}
}

// nullable reports whether a node can match nothing.
func nullable(n *node) bool {
	switch n.kind {
	case charNode, setNode:
		return false
	case sequenceNode:
		for _, part := range n.nodes {
			if !nullable(part) {
				return false
			}
		}
	case alternativesNode:
		for _, part := range n.nodes {
			if nullable(part) {
				return true
			}
		}
		return false
	case groupNode:
		return nullable(n.nodes[0])
	case loopNode:
		return n.min == 0 || nullable(n.nodes[0])
	}
	return true
}
