package jsonata

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A signature says what a function takes, as in <s-nn?:s>: a letter for each
// parameter, with - for "else the context value", ? for "may be left out" and +
// for "one or more".
type signature struct {
	parameters []parameter
	result     string // not checked, as in jsonata-js
}

type parameter struct {
	kind     byte     // the letter, or ( for a choice
	choice   string   // the letters of a choice
	accepts  kindMask // of an argument
	subtype  string   // of an array or function, without brackets
	typed    bool     // there is a subtype
	context  bool
	fallback kindMask // what the context value may be
	optional bool
	many     bool
}

// A kindMask is a set of the kinds of signatures.
type kindMask uint16

const kindLetters = "asnblfom" // m: missing

func maskOf(letters string) (m kindMask) {
	for i := range len(letters) {
		if at := strings.IndexByte(kindLetters, letters[i]); at >= 0 {
			m |= 1 << at
		}
	}
	return m
}

const (
	arrayMask kindMask = 1 << iota
	stringMask
	numberMask
	boolMask
	nullMask
	functionMask
	objectMask
	missingMask
)

// kindOf returns the kind of a value as the set of it alone.
func kindOf(v value.Value) kindMask {
	switch v.Kind() {
	case value.KindList:
		return arrayMask
	case value.KindString:
		return stringMask
	case value.KindNumber:
		return numberMask
	case value.KindBool:
		return boolMask
	case value.KindNull:
		return nullMask
	case value.KindObject:
		return objectMask
	case value.KindOpaque:
		return functionMask
	}
	return missingMask
}

func parseSignature(text string) (*signature, *Error) {
	s := &signature{}
	last := &parameter{}
	for i := 1; i < len(text); i++ {
		c := text[i]
		switch c {
		case ':':
			s.result = plainSignature(strings.TrimSuffix(text[i:], ">"))
			return s, nil
		case 's', 'n', 'b', 'l', 'o':
			last = s.add(parameter{kind: c, accepts: maskOf(string(c)) | missingMask})
		case 'a', 'x':
			last = s.add(parameter{kind: c, accepts: maskOf("asnblfom")})
		case 'j':
			last = s.add(parameter{kind: c, accepts: maskOf("asnblom")})
		case 'f':
			last = s.add(parameter{kind: c, accepts: functionMask})
		case '-':
			last.context = true
			last.fallback = last.accepts
		case '?':
			last.optional = true
		case '+':
			last.many = true
		case '(':
			end := closing(text, i, '(', ')')
			choice := text[i+1 : end]
			if strings.Contains(choice, "<") {
				return nil, &Error{Code: "S0402", Position: i, Value: value.String(choice)}
			}
			last = s.add(parameter{kind: c, choice: plainSignature(choice), accepts: maskOf(choice) | missingMask})
			i = end
		case '<':
			if last.kind != 'a' && last.kind != 'f' {
				return nil, &Error{Code: "S0401", Position: i, Value: value.String(string(last.kind))}
			}
			end := closing(text, i, '<', '>')
			last.subtype, last.typed = plainSignature(text[i+1:end]), true
			i = end
		}
	}
	return s, nil
}

func mustSignature(text string) *signature {
	s, err := parseSignature(text)
	if err != nil {
		panic("jsonata: signature " + text)
	}
	return s
}

func (s *signature) add(p parameter) *parameter {
	s.parameters = append(s.parameters, p)
	return &s.parameters[len(s.parameters)-1]
}

// closing returns where the bracket at i is closed, or the end of the text.
func closing(text string, i int, open, end byte) int {
	for depth := 1; ; {
		if i++; i >= len(text) {
			return len(text)
		}
		switch text[i] {
		case end:
			if depth--; depth == 0 {
				return i
			}
		case open:
			depth++
		}
	}
}

// plainSignature returns the letters and balanced brackets of s, which are what
// can be written back.
func plainSignature(s string) string {
	var b strings.Builder
	open := 0
	for i := range len(s) {
		switch c := s[i]; {
		case strings.IndexByte("asnblfoxj:?+-", c) >= 0:
			b.WriteByte(c)
		case c == '<':
			open++
			b.WriteByte(c)
		case c == '>' && open > 0:
			open--
			b.WriteByte(c)
		}
	}
	return b.String() + strings.Repeat(">", open)
}

// String returns the signature as it is written.
func (s *signature) String() string {
	var b strings.Builder
	b.WriteByte('<')
	for _, p := range s.parameters {
		b.WriteByte(p.kind)
		if p.kind == '(' {
			b.WriteString(p.choice + ")")
		}
		if p.typed {
			b.WriteString("<" + p.subtype + ">")
		}
		if p.context {
			b.WriteByte('-')
		}
		if p.optional {
			b.WriteByte('?')
		}
		if p.many {
			b.WriteByte('+')
		}
	}
	return b.String() + s.result + ">"
}

// A matching is how many arguments each parameter takes. There may be many ways
// to distribute them; after some thousand no further one is tried.
type matching struct {
	counts []int8
	tries  int
}

// match distributes the arguments over the parameters from p on, each taking as
// many as it can, as the regular expression does that jsonata-js makes of a
// signature. It reports whether that is possible.
func (s *signature) match(kinds []kindMask, p int, m *matching) bool {
	if m.tries++; p == len(s.parameters) || m.tries > 5000 {
		return p == len(s.parameters) && len(kinds) == 0
	}
	par := &s.parameters[p]
	most := 0
	for most < len(kinds) && kinds[most]&par.accepts != 0 && (most == 0 || par.many) {
		most++
	}
	least := 1
	if par.optional || par.context {
		least = 0
	}
	for n := most; n >= least; n-- {
		m.counts[p] = int8(n)
		if s.match(kinds[n:], p+1, m) {
			return true
		}
	}
	return false
}

// maxArguments is how many arguments a function with a signature may get.
const maxArguments = 100

// validate returns the arguments as the function is to get them, with the
// context value in place of some and arrays made of single values.
func (s *signature) validate(args []value.Value, context value.Value) ([]value.Value, *Error) {
	if s.exact(args) {
		return args, nil
	}
	var kindsBuf [8]kindMask
	kinds := kindsBuf[:0]
	for _, arg := range args {
		kinds = append(kinds, kindOf(arg))
	}
	if len(args) > maxArguments {
		return nil, s.mismatch(args, kinds)
	}
	var countBuf [8]int8
	m := matching{counts: countBuf[:]}
	if len(s.parameters) > len(countBuf) {
		m.counts = make([]int8, len(s.parameters))
	}
	if !s.match(kinds, 0, &m) {
		return nil, s.mismatch(args, kinds)
	}
	valid := make([]value.Value, 0, max(len(args), len(s.parameters)))
	at := 0
	for p := range s.parameters {
		par := &s.parameters[p]
		count := int(m.counts[p])
		if count == 0 {
			if par.context {
				if kindOf(context)&par.fallback == 0 {
					return nil, &Error{Code: "T0411", Value: context, index: at + 1}
				}
				valid = append(valid, context)
				continue
			}
			// jsonata-js passes what stands here, whatever it is.
			valid = append(valid, argument(args, at))
			at++
			continue
		}
		first := argument(args, at)
		for range count {
			if par.kind != 'a' {
				// Again jsonata-js: the first of several is passed for each.
				valid = append(valid, first)
				at++
				continue
			}
			arg, err := par.array(argument(args, at), count)
			if err != nil {
				err.index = at + 1
				return nil, err
			}
			valid = append(valid, arg)
			at++
		}
	}
	return valid, nil
}

// exact reports whether the arguments are just what the parameters ask for, one
// by one, which is nearly always so.
func (s *signature) exact(args []value.Value) bool {
	if len(args) != len(s.parameters) {
		return false
	}
	for i := range args {
		par := &s.parameters[i]
		kind := kindOf(args[i])
		if kind&par.accepts == 0 || par.many || par.kind == 'a' && (kind != arrayMask || par.typed && !par.uniform(args[i].Items())) {
			return false
		}
	}
	return true
}

func argument(args []value.Value, i int) value.Value {
	if i < len(args) {
		return args[i]
	}
	return value.Value{}
}

// array makes an array of an argument, and checks its items.
func (p *parameter) array(arg value.Value, count int) (value.Value, *Error) {
	kind := kindOf(arg)
	if kind == missingMask {
		return arg, nil
	}
	if kind == arrayMask {
		if p.typed && !p.uniform(arg.Items()) {
			return arg, p.mistyped(arg)
		}
		return arg, nil
	}
	if p.typed && (count != 1 || len(p.subtype) != 1 || kind != maskOf(p.subtype)) {
		return arg, p.mistyped(arg)
	}
	return value.List(arg), nil
}

// uniform reports whether all items are of the parameter's subtype.
func (p *parameter) uniform(items []value.Value) bool {
	if len(items) == 0 {
		return true
	}
	if p.subtype == "" {
		return false
	}
	want := maskOf(p.subtype[:1])
	for i := range items {
		if kindOf(items[i]) != want {
			return false
		}
	}
	return true
}

func (p *parameter) mistyped(arg value.Value) *Error {
	plural := map[string]string{
		"a": "arrays", "b": "booleans", "f": "functions", "n": "numbers", "o": "objects", "s": "strings",
	}
	return &Error{Code: "T0412", Value: arg, detail: plural[p.subtype]}
}

// mismatch finds the first argument that does not fit.
func (s *signature) mismatch(args []value.Value, kinds []kindMask) *Error {
	good := 0
	if len(args) > maxArguments {
		return &Error{Code: "T0410", Value: argument(args, 0), index: 1}
	}
	m := &matching{counts: make([]int8, len(s.parameters))}
	for n := 1; n <= len(s.parameters); n++ {
		part := &signature{parameters: s.parameters[:n]}
		end := part.longest(kinds, m)
		if end < 0 {
			break
		}
		good = end
	}
	return &Error{Code: "T0410", Value: argument(args, good), index: good + 1}
}

// longest returns how many arguments the parameters take when they take as many
// as they can, or -1 when they cannot be satisfied.
func (s *signature) longest(kinds []kindMask, m *matching) int {
	for n := len(kinds); n >= 0; n-- {
		if s.match(kinds[:n], 0, m) {
			return n
		}
	}
	return -1
}
