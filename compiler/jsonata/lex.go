package jsonata

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

type tokenKind uint8

const (
	endToken tokenKind = iota
	operatorToken
	nameToken
	variableToken
	stringToken
	numberToken
	wordToken // true, false, null
	regexToken
)

// A token is a piece of source. Its position is where it ends, which is what
// jsonata-js reports.
type token struct {
	kind     tokenKind
	text     string // the operator, name or string
	value    value.Value
	flags    string // of a regex
	position int
}

// A lexer reads tokens. What it is to make of a slash depends on the parser.
type lexer struct {
	source string
	at     int // in bytes

	// the pair of offsets that was last known to belong together
	knownByte, knownUnit int
}

// position turns an offset in bytes into one in UTF-16 units.
func (l *lexer) position(offset int) int {
	if offset < l.knownByte {
		l.knownByte, l.knownUnit = 0, 0
	}
	l.knownUnit += units(l.source[l.knownByte:offset])
	l.knownByte = offset
	return l.knownUnit
}

// units returns the length of s in UTF-16 units.
func units(s string) int {
	n := 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 0xF0: // four bytes are two units
			n += 2
		case c < 0x80 || c >= 0xC0:
			n++
		}
	}
	return n
}

// powers are the binding powers of the operators behind an operand.
var powers = map[string]int{
	".": 75, "[": 80, "{": 70, "(": 80, "@": 80, "#": 80, "?": 20,
	"+": 50, "-": 50, "*": 60, "/": 60, "%": 60, "=": 40, "<": 40, ">": 40, "^": 40,
	":=": 10, "!=": 40, "<=": 40, ">=": 40, "~>": 40, "and": 30, "or": 25, "in": 40, "&": 50,
}

const (
	operatorBytes = ".[]{}(),@#;:?+-*/%|=<>^&!~"
	spaceBytes    = " \t\n\r\v"
)

func (l *lexer) fail(code string, offset int) *Error {
	return &Error{Code: code, Position: l.position(offset)}
}

func (l *lexer) failToken(code string, offset int, token string) *Error {
	return failAt(code, l.position(offset), token)
}

func (l *lexer) token(kind tokenKind, text string) token {
	return token{kind: kind, text: text, position: l.position(l.at)}
}

// next returns the next token. Where an operator may stand a slash is one, else
// it begins a regular expression.
func (l *lexer) next(operator bool) (token, *Error) {
	if err := l.skipSpace(); err != nil {
		return token{}, err
	}
	s := l.source
	if l.at >= len(s) {
		return token{kind: endToken, text: "(end)", position: l.position(len(s))}, nil
	}
	c := s[l.at]
	if c == '/' && !operator {
		l.at++
		return l.regex()
	}
	if l.at+1 < len(s) {
		switch pair := s[l.at : l.at+2]; pair {
		case "..", ":=", "!=", ">=", "<=", "**", "~>":
			l.at += 2
			return l.token(operatorToken, pair), nil
		}
	}
	switch {
	case strings.IndexByte(operatorBytes, c) >= 0:
		l.at++
		return l.token(operatorToken, s[l.at-1:l.at]), nil
	case c == '"' || c == '\'':
		return l.text(c)
	case '0' <= c && c <= '9':
		return l.number()
	case c == '`':
		return l.quotedName()
	}
	return l.name(), nil
}

func (l *lexer) skipSpace() *Error {
	s := l.source
	for {
		for l.at < len(s) && strings.IndexByte(spaceBytes, s[l.at]) >= 0 {
			l.at++
		}
		if !strings.HasPrefix(s[l.at:], "/*") {
			return nil
		}
		end := strings.Index(s[l.at+2:], "*/")
		if end < 0 {
			return l.fail("S0106", l.at)
		}
		l.at += 2 + end + 2
	}
}

func (l *lexer) name() token {
	from := l.at
	for l.at < len(l.source) && strings.IndexByte(operatorBytes+spaceBytes, l.source[l.at]) < 0 {
		l.at++
	}
	name := l.source[from:l.at]
	if name[0] == '$' {
		return l.token(variableToken, name[1:])
	}
	switch name {
	case "or", "in", "and":
		return l.token(operatorToken, name)
	case "true", "false", "null":
		t := l.token(wordToken, name)
		t.value = value.Null()
		if name != "null" {
			t.value = value.Bool(name == "true")
		}
		return t
	}
	return l.token(nameToken, name)
}

func (l *lexer) quotedName() (token, *Error) {
	end := strings.IndexByte(l.source[l.at+1:], '`')
	if end < 0 {
		return token{}, l.fail("S0105", len(l.source))
	}
	name := l.source[l.at+1 : l.at+1+end]
	l.at += end + 2
	return l.token(nameToken, name), nil
}

func (l *lexer) number() (token, *Error) {
	s, i := l.source, l.at
	digits := func() {
		for i < len(s) && '0' <= s[i] && s[i] <= '9' {
			i++
		}
	}
	digit := func(i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }
	if s[i] == '0' {
		i++
	} else {
		digits()
	}
	if i < len(s) && s[i] == '.' && digit(i+1) {
		i++
		digits()
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		sign := 0
		if i+1 < len(s) && (s[i+1] == '+' || s[i+1] == '-') {
			sign = 1
		}
		if digit(i + 1 + sign) {
			i += 1 + sign
			digits()
		}
	}
	text := s[l.at:i]
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return token{}, l.failToken("S0102", l.at, text)
	}
	l.at = i
	t := l.token(numberToken, text)
	t.value = value.Float(f)
	return t, nil
}

func (l *lexer) text(quote byte) (token, *Error) {
	s := l.source
	from := l.at + 1
	for i := from; i < len(s); i++ {
		switch s[i] {
		case quote:
			l.at = i + 1
			t := l.token(stringToken, s[from:i])
			t.value = value.String(t.text)
			return t, nil
		case '\\':
			return l.escapedText(quote, from, i)
		}
	}
	return token{}, l.fail("S0101", len(s))
}

// escapedText reads a string literal whose first backslash stands at i.
func (l *lexer) escapedText(quote byte, from, i int) (token, *Error) {
	s := l.source
	dst := []byte(s[from:i])
	for i < len(s) {
		c := s[i]
		if c == quote {
			l.at = i + 1
			t := l.token(stringToken, string(joinSurrogates(dst)))
			t.value = value.String(t.text)
			return t, nil
		}
		if c != '\\' {
			dst = append(dst, c)
			i++
			continue
		}
		i++
		if i >= len(s) {
			return token{}, l.failToken("S0103", i, "")
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch at := strings.IndexRune(`"\/bfnrt`, r); {
		case r == 'u':
			unit, ok := hex4(s[i+1:])
			if !ok {
				return token{}, l.fail("S0104", i)
			}
			dst = appendRune(dst, unit)
			size = 5
		case at >= 0:
			dst = append(dst, "\"\\/\b\f\n\r\t"[at])
		default:
			return token{}, l.failToken("S0103", i, s[i:i+size])
		}
		i += size
	}
	return token{}, l.fail("S0101", len(s))
}

func hex4(s string) (rune, bool) {
	if len(s) < 4 {
		return 0, false
	}
	n, err := strconv.ParseUint(s[:4], 16, 16)
	return rune(n), err == nil
}

// regex reads a regular expression behind its first slash.
func (l *lexer) regex() (token, *Error) {
	s, from, depth := l.source, l.at, 0
	for i := from; i < len(s); i++ {
		switch c := s[i]; c {
		case '/':
			if depth == 0 && !escaped(s, i) {
				return l.regexEnd(from, i)
			}
		case '(', '[', '{':
			if s[i-1] != '\\' {
				depth++
			}
		case ')', ']', '}':
			if s[i-1] != '\\' {
				depth--
			}
		}
	}
	return token{}, l.fail("S0302", len(s))
}

// escaped reports whether an odd number of backslashes stands before i.
func escaped(s string, i int) bool {
	n := 0
	for i-n > 0 && s[i-n-1] == '\\' {
		n++
	}
	return n%2 == 1
}

func (l *lexer) regexEnd(from, end int) (token, *Error) {
	if end == from {
		return token{}, l.fail("S0301", end)
	}
	i := end + 1
	for i < len(l.source) && (l.source[i] == 'i' || l.source[i] == 'm') {
		i++
	}
	l.at = i
	t := l.token(regexToken, l.source[from:end])
	t.flags = l.source[end+1 : i]
	return t, nil
}
