package regex

import "strings"

// classEscape reads \d and its like behind the backslash, nil if there is none.
func (p *parser) classEscape() *set {
	switch {
	case p.take("d"):
		return digits
	case p.take("D"):
		return digits.not()
	case p.take("s"):
		return spaces
	case p.take("S"):
		return spaces.not()
	case p.take("w"):
		return words
	case p.take("W"):
		return words.not()
	}
	return nil
}

// charEscape reads an escape that stands for one unit, behind the backslash.
func (p *parser) charEscape() uint16 {
	unit := p.s[p.at]
	p.at++
	switch unit {
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	case 'v':
		return '\v'
	case 'x':
		return p.hex(2, unit)
	case 'u':
		return p.hex(4, unit)
	case 'c':
		if p.at < len(p.s) && 'a' <= p.s[p.at]|0x20 && p.s[p.at]|0x20 <= 'z' {
			p.at++
			return p.s[p.at-1] % 32
		}
		p.at--
		return '\\'
	}
	if '0' <= unit && unit <= '7' {
		value := unit - '0'
		for p.at < len(p.s) && '0' <= p.s[p.at] && p.s[p.at] <= '7' && value*8+p.s[p.at]-'0' <= 0xFF {
			value = value*8 + p.s[p.at] - '0'
			p.at++
		}
		return value
	}
	return unit
}

func (p *parser) hex(digits int, letter uint16) uint16 {
	var value uint16
	for i := range digits {
		if p.at+i >= len(p.s) {
			return letter
		}
		at := strings.IndexRune("0123456789abcdef", rune(p.s[p.at+i]|0x20))
		if c := p.s[p.at+i]; '0' <= c && c <= '9' {
			at = int(c - '0')
		}
		if at < 0 {
			return letter
		}
		value = value<<4 | uint16(at)
	}
	p.at += digits
	return value
}

// class reads a class behind its bracket. That it is negative is kept apart, for
// what it excludes depends on the case of letters too.
func (p *parser) class() (s *set, negative bool) {
	s = &set{}
	negative = p.take("^")
	for {
		if p.at >= len(p.s) {
			panic(syntaxError("Unterminated character class"))
		}
		if p.take("]") {
			break
		}
		low, single := p.classAtom(s)
		if !p.sees(p.at, "-") || p.sees(p.at, "-]") {
			continue
		}
		p.at++
		if p.at >= len(p.s) {
			continue
		}
		high, alsoSingle := p.classAtom(s)
		if !single || !alsoSingle {
			s.add('-', '-')
			continue
		}
		if low > high {
			panic(syntaxError("Range out of order in character class"))
		}
		s.add(low, high)
	}
	s.sort()
	return s, negative
}

// classAtom adds a unit or an escaped class to the set; single is false for the
// latter.
func (p *parser) classAtom(s *set) (unit uint16, single bool) {
	if !p.take(`\`) {
		unit = p.s[p.at]
		p.at++
		s.add(unit, unit)
		return unit, true
	}
	if p.at >= len(p.s) {
		panic(syntaxError(`\ at end of pattern`))
	}
	if part := p.classEscape(); part != nil {
		s.ranges = append(s.ranges, part.ranges...)
		return 0, false
	}
	switch {
	case p.take("b"):
		unit = '\b'
	case p.take("-"):
		unit = '-'
	default:
		unit = p.charEscape()
	}
	s.add(unit, unit)
	return unit, true
}
