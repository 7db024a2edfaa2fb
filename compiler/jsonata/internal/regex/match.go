package regex

import "errors"

// ErrBudget says that a match needed more steps than were left.
var ErrBudget = errors.New("regex: the steps are used up")

// remember is after how many steps a match begins to remember dead ends, and
// maxMemory how many bits that may take.
const (
	remember  = 256
	maxMemory = 1 << 23
)

// A frame is what to do when a way turns out to be a dead end: go on at pc with
// the position, or, where pc is negative, give slot ^pc its old value back.
type frame struct{ pc, value int }

type machine struct {
	*Program
	text    []uint16
	slots   []int // captures, then registers
	stack   []frame
	steps   *int
	since   int
	visited []uint64
}

// Match finds the first match at or behind a position. It returns the positions
// of the groups in pairs, -1 for those that took no part, nil when there is no
// match. Every step is taken from *steps; the error is [ErrBudget].
func (p *Program) Match(text []uint16, from int, steps *int) ([]int, error) {
	m := machine{Program: p, text: text, steps: steps, slots: make([]int, 2*p.groups+p.registers)}
	for ; from <= len(text); from++ {
		if p.first >= 0 {
			for from < len(text) && text[from] != uint16(p.first) {
				from++
			}
			if from == len(text) {
				return nil, nil
			}
		}
		for i := range m.slots {
			m.slots[i] = -1
		}
		end, err := m.run(0, from)
		if err != nil {
			return nil, err
		}
		if end >= 0 {
			m.slots[0], m.slots[1] = from, end
			return m.slots[:2*p.groups], nil
		}
	}
	return nil, nil
}

// run runs the code from pc on and returns the position where it matched, or -1.
func (m *machine) run(pc, at int) (int, error) {
	base := len(m.stack)
	for {
		if *m.steps--; *m.steps < 0 {
			return 0, ErrBudget
		}
		in := &m.code[pc]
		ok := true
		switch in.op {
		case opChar, opSet:
			at, ok = m.unit(in, at)
		case opSplit:
			if ok = !m.seen(pc, at); ok {
				m.stack = append(m.stack, frame{in.y, at})
				pc = in.x - 1
			}
		case opJump:
			pc = in.x - 1
		case opSave:
			m.set(in.x, at)
		case opReset:
			for slot := 2 * in.x; slot < 2*in.y; slot++ {
				m.set(slot, -1)
			}
		case opMark:
			m.set(2*m.groups+in.x, at)
		case opMoved:
			ok = m.slots[2*m.groups+in.x] != at
		case opBegin:
			ok = at == 0 || m.multiline && !dot.has(m.text[at-1])
		case opEnd:
			ok = at == len(m.text) || m.multiline && !dot.has(m.text[at])
		case opBoundary:
			ok = (m.word(at-1) != m.word(at)) != in.negative
		case opReference:
			at, ok = m.reference(in, at)
		case opLook:
			var err error
			if ok, err = m.look(pc, at); err != nil {
				return 0, err
			}
			pc = in.x - 1
		case opMatch:
			m.forget(base)
			return at, nil
		}
		if ok {
			pc++
			continue
		}
		if pc, at, ok = m.back(base); !ok {
			return -1, nil
		}
	}
}

// back takes the last way that is left, if there is one above base.
func (m *machine) back(base int) (pc, at int, ok bool) {
	for len(m.stack) > base {
		last := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if last.pc >= 0 {
			return last.pc, last.value, true
		}
		m.slots[^last.pc] = last.value
	}
	return 0, 0, false
}

// forget gives up the ways above base but keeps what restores the slots.
func (m *machine) forget(base int) {
	kept := base
	for _, f := range m.stack[base:] {
		if f.pc < 0 {
			m.stack[kept] = f
			kept++
		}
	}
	m.stack = m.stack[:kept]
}

func (m *machine) set(slot, value int) {
	m.stack = append(m.stack, frame{^slot, m.slots[slot]})
	m.slots[slot] = value
}

// seen reports whether the split at pc was reached at this position before, and
// so is a dead end.
func (m *machine) seen(pc, at int) bool {
	if !m.memory {
		return false
	}
	if m.visited == nil {
		if m.since++; m.since < remember || len(m.code)*(len(m.text)+1) > maxMemory {
			return false
		}
		m.visited = make([]uint64, len(m.code)*(len(m.text)+1)/64+1)
	}
	bit := pc*(len(m.text)+1) + at
	old := m.visited[bit/64]
	m.visited[bit/64] |= 1 << (bit % 64)
	return old>>(bit%64)&1 == 1
}

// unit compares one unit of the text.
func (m *machine) unit(in *instruction, at int) (int, bool) {
	next, read := at+1, at
	if in.back {
		next, read = at-1, at-1
	}
	if read < 0 || read >= len(m.text) {
		return at, false
	}
	c := m.text[read]
	switch {
	case in.op == opChar && m.ignore:
		return next, fold(c) == in.unit
	case in.op == opChar:
		return next, c == in.unit
	case m.ignore:
		return next, in.set.hasFold(c) != in.negative
	}
	return next, in.set.has(c)
}

func (m *machine) word(at int) bool {
	return at >= 0 && at < len(m.text) && words.has(m.text[at])
}

// reference compares what a group captured. A group that took no part matches
// nothing, which always succeeds.
func (m *machine) reference(in *instruction, at int) (int, bool) {
	from, to := m.slots[2*in.x], m.slots[2*in.x+1]
	if from < 0 || to < 0 {
		return at, true
	}
	start, end := at, at+to-from
	if in.back {
		start, end = at-(to-from), at
	}
	if start < 0 || end > len(m.text) {
		return at, false
	}
	*m.steps -= to - from
	for i := range to - from {
		a, b := m.text[from+i], m.text[start+i]
		if a != b && (!m.ignore || fold(a) != fold(b)) {
			return at, false
		}
	}
	if in.back {
		return start, true
	}
	return end, true
}

// look runs the code of a lookaround. What a negative one captured is forgotten.
func (m *machine) look(pc, at int) (bool, error) {
	base := len(m.stack)
	end, err := m.run(pc+1, at)
	if err != nil {
		return false, err
	}
	if m.code[pc].negative {
		m.back(base)
		return end < 0, nil
	}
	return end >= 0, nil
}
