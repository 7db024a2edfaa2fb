package asl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// maxDepth is how deep a text may be nested, as in Jackson, AWS's reader.
const maxDepth = 1000

// A syntaxError says in Jackson's words why a text is not JSON. The bytes from
// start to end are what it could not read; Jackson names the end.
type syntaxError struct {
	start, end int
	message    string
	// marker is the offset of the bracket that is not closed, or -1.
	marker int
}

const literals = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"

// A jsonReader reads the text of a definition. Beyond JSON it takes placeholders
// where a value stands.
type jsonReader struct {
	s     string
	pos   int
	nodes []node // made in advance
}

// node makes a node for what begins at the reader's place.
func (r *jsonReader) node() *node {
	if len(r.nodes) == 0 {
		r.nodes = make([]node, 1+min(len(r.s)/64, 64))
	}
	n := &r.nodes[0]
	r.nodes = r.nodes[1:]
	n.start = r.pos
	return n
}

// readJSON reads one value and nothing else. The root is nil when the text has
// no value at all.
func readJSON(text string) (*node, *syntaxError) {
	r := &jsonReader{s: text}
	r.space()
	if r.pos >= len(text) {
		return nil, nil
	}
	root, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if r.space(); r.pos < len(text) {
		if text[r.pos] == '}' || text[r.pos] == ']' {
			return nil, r.unexpected("expected a value")
		}
		return nil, r.unexpected("expected end of the definition")
	}
	return root, nil
}

func (r *jsonReader) space() {
	for r.pos < len(r.s) && (r.s[r.pos] == ' ' || r.s[r.pos] == '\n' || r.s[r.pos] == '\t' || r.s[r.pos] == '\r') {
		r.pos++
	}
}

// fail complains about the bytes from start up to the reader's place.
func (r *jsonReader) fail(start int, format string, args ...any) *syntaxError {
	r.pos = min(r.pos, len(r.s))
	return &syntaxError{min(start, r.pos), r.pos, fmt.Sprintf(format, args...), -1}
}

// unexpected complains about the character at the reader's place.
func (r *jsonReader) unexpected(want string) *syntaxError {
	c, size := utf8.DecodeRuneInString(r.s[r.pos:])
	if c == '/' {
		want = "maybe a (non-standard) comment? (not recognized as one since Feature 'ALLOW_COMMENTS' not enabled for parser)"
	}
	r.pos += size
	return r.fail(r.pos-size, "Unexpected character (%s): %s", describe(c), want)
}

// describe names a character as Jackson does.
func describe(c rune) string {
	if c < ' ' {
		return fmt.Sprintf("(CTRL-CHAR, code %d)", c)
	}
	if c > 0xFF {
		return fmt.Sprintf("'%c' (code %d / 0x%x)", c, c, c)
	}
	return fmt.Sprintf("'%c' (code %d)", c, c)
}

func (r *jsonReader) value(depth int) (*node, *syntaxError) {
	if r.pos >= len(r.s) {
		return nil, r.fail(r.pos, "Unexpected end-of-input: expected a value")
	}
	if depth > maxDepth {
		return nil, r.fail(r.pos, "Document nesting depth (%d) exceeds the maximum allowed (%d)", depth, maxDepth)
	}
	n := r.node()
	var err *syntaxError
	switch c := r.s[r.pos]; {
	case c == '{':
		err = r.object(n, depth)
	case c == '[':
		err = r.array(n, depth)
	case c == '"':
		n.kind = value.KindString
		n.text, err = r.text("value")
	case c == '-' || '0' <= c && c <= '9':
		n.kind = value.KindNumber
		n.text, err = r.number()
	case c == '$' && strings.HasPrefix(r.s[r.pos:], "${"):
		err = r.placeholder(n)
	default:
		err = r.word(n)
	}
	n.end = r.pos
	return n, err
}

func (r *jsonReader) object(n *node, depth int) *syntaxError {
	n.kind = value.KindObject
	r.pos++
	if r.space(); r.pos < len(r.s) && r.s[r.pos] == '}' {
		r.pos++
		return nil
	}
	n.kids = make([]*node, 0, 4)
	for {
		r.space()
		if r.pos >= len(r.s) {
			return r.unclosed("Object", n.start)
		}
		if r.s[r.pos] != '"' {
			return r.unexpected("was expecting double-quote to start field name")
		}
		kid, err := r.member(n, depth)
		if err != nil {
			return err
		}
		n.kids = append(n.kids, kid)
		r.space()
		if r.pos >= len(r.s) {
			return r.unclosed("Object", n.start)
		}
		switch r.s[r.pos] {
		case ',':
			r.pos++
		case '}':
			r.pos++
			n.markTwins()
			return nil
		case ']':
			return r.crossed(']', '}', "Object", n.start)
		default:
			return r.unexpected("was expecting comma to separate Object entries")
		}
	}
}

func (r *jsonReader) member(parent *node, depth int) (*node, *syntaxError) {
	start := r.pos
	key, err := r.text("name")
	if err != nil {
		return nil, err
	}
	end := r.pos
	r.space()
	if r.pos >= len(r.s) {
		return nil, r.unclosed("Object", parent.start)
	}
	if r.s[r.pos] != ':' {
		return nil, r.unexpected("was expecting a colon to separate field name and value")
	}
	r.pos++
	r.space()
	kid, err := r.value(depth + 1)
	if err != nil {
		return nil, err
	}
	kid.parent, kid.key, kid.keyStart, kid.keyEnd = parent, key, start, end
	return kid, nil
}

func (r *jsonReader) array(n *node, depth int) *syntaxError {
	n.kind = value.KindList
	r.pos++
	r.space()
	if r.pos < len(r.s) && r.s[r.pos] == ']' {
		r.pos++
		return nil
	}
	for {
		r.space()
		if r.pos >= len(r.s) {
			return r.unclosed("Array", n.start)
		}
		kid, err := r.value(depth + 1)
		if err != nil {
			return err
		}
		kid.parent, kid.index = n, len(n.kids)
		n.kids = append(n.kids, kid)
		r.space()
		if r.pos >= len(r.s) {
			return r.unclosed("Array", n.start)
		}
		switch r.s[r.pos] {
		case ',':
			r.pos++
		case ']':
			r.pos++
			return nil
		case '}':
			return r.crossed('}', ']', "Array", n.start)
		default:
			return r.unexpected("was expecting comma to separate Array entries")
		}
	}
}

func (r *jsonReader) unclosed(what string, start int) *syntaxError {
	e := r.fail(len(r.s), "Unexpected end-of-input: expected close marker for %s", what)
	e.marker = start
	return e
}

func (r *jsonReader) crossed(got, want byte, what string, start int) *syntaxError {
	r.pos++
	e := r.fail(r.pos-1, "Unexpected close marker '%c': expected '%c' (for %s)", got, want, what)
	e.marker = start
	return e
}

// text reads a string, whose opening quote stands at the reader's place.
func (r *jsonReader) text(what string) (string, *syntaxError) {
	r.pos++
	from := r.pos
	for ; r.pos < len(r.s); r.pos++ {
		switch c := r.s[r.pos]; {
		case c == '"':
			s := r.s[from:r.pos]
			r.pos++
			return strings.ToValidUTF8(s, "\uFFFD"), nil
		case c == '\\':
			return r.escaped(from, what)
		case c < ' ':
			return "", r.control(c, what)
		}
	}
	return "", r.unquoted(what)
}

func (r *jsonReader) unquoted(what string) *syntaxError {
	if what == "name" {
		return r.fail(len(r.s), "Unexpected end-of-input in field name")
	}
	return r.fail(len(r.s), "Unexpected end-of-input: was expecting closing quote for a string value")
}

func (r *jsonReader) control(c byte, what string) *syntaxError {
	r.pos++
	return r.fail(r.pos-1, "Illegal unquoted character (%s): has to be escaped using backslash to be included in %s",
		describe(rune(c)), map[string]string{"name": "name", "value": "string value"}[what])
}

// escaped reads the rest of a string from its first backslash on.
func (r *jsonReader) escaped(from int, what string) (string, *syntaxError) {
	for r.pos < len(r.s) {
		switch c := r.s[r.pos]; {
		case c == '"':
			r.pos++
			v, err := value.Parse(strings.ToValidUTF8(r.s[from-1:r.pos], "\uFFFD"))
			if err != nil {
				return "", r.fail(r.pos, "%s", err)
			}
			s, _ := v.Str()
			return s, nil
		case c == '\\':
			if err := r.escape(); err != nil {
				return "", err
			}
		case c < ' ':
			return "", r.control(c, what)
		default:
			r.pos++
		}
	}
	return "", r.unquoted(what)
}

func (r *jsonReader) escape() *syntaxError {
	r.pos++
	if r.pos >= len(r.s) {
		return r.fail(r.pos, "Unexpected end-of-input in character escape sequence")
	}
	c, size := utf8.DecodeRuneInString(r.s[r.pos:])
	if c != 'u' {
		r.pos += size
		if !strings.ContainsRune(`"\/bfnrt`, c) {
			return r.fail(r.pos-size-1, "Unrecognized character escape %s", describe(c))
		}
		return nil
	}
	for range 4 {
		r.pos++
		if r.pos >= len(r.s) {
			return r.fail(r.pos, "Unexpected end-of-input in character escape sequence")
		}
		if !strings.ContainsRune("0123456789abcdefABCDEF", rune(r.s[r.pos])) {
			return r.unexpected("expected a hex-digit for character escape sequence")
		}
	}
	r.pos++
	return nil
}

func (r *jsonReader) number() (string, *syntaxError) {
	from := r.pos
	for r.pos < len(r.s) && strings.IndexByte("+-.0123456789eE", r.s[r.pos]) >= 0 {
		r.pos++
	}
	text := r.s[from:r.pos]
	if _, ok := value.Number(text); ok {
		return text, nil
	}
	digits := strings.TrimPrefix(text, "-")
	if len(digits) > 1 && digits[0] == '0' && '0' <= digits[1] && digits[1] <= '9' {
		return "", r.fail(from, "Invalid numeric value: Leading zeroes not allowed")
	}
	return "", r.fail(from, "Invalid numeric value '%s'", text)
}

// placeholder reads "${Name}" where a value is expected. Nested braces, as
// Terraform's functions have them, belong to it.
func (r *jsonReader) placeholder(n *node) *syntaxError {
	n.kind = value.KindOpaque
	depth := 0
	from := r.pos
	for ; r.pos < len(r.s) && r.s[r.pos] != '\n'; r.pos++ {
		switch r.s[r.pos] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				r.pos++
				n.text = r.s[from:r.pos]
				return nil
			}
		}
	}
	return r.fail(from, "The placeholder '%s' has no end", r.s[from:r.pos])
}

// word reads true, false or null.
func (r *jsonReader) word(n *node) *syntaxError {
	from := r.pos
	for r.pos < len(r.s) {
		c, size := utf8.DecodeRuneInString(r.s[r.pos:])
		if c != '_' && c != '$' && !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			break
		}
		r.pos += size
	}
	switch word := r.s[from:r.pos]; word {
	case "true", "false":
		n.kind, n.truth = value.KindBool, word == "true"
		return nil
	case "null":
		n.kind = value.KindNull
		return nil
	case "":
		return r.unexpected("expected a valid value " + literals)
	default:
		return r.fail(from, "Unrecognized token '%s': was expecting %s", word, literals)
	}
}
