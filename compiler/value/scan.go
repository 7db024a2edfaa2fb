package value

import (
	"fmt"
	"unicode/utf8"
)

// MaxDepth is how deep lists and objects may be nested in a text.
const MaxDepth = 1000

// A SyntaxError says why a text is not JSON.
type SyntaxError struct {
	// Offset counts bytes from the beginning of the text, from 0.
	Offset  int
	Message string
}

// Error returns the message with its place.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("invalid JSON at offset %d: %s", e.Offset, e.Message)
}

func syntax(offset int, format string, args ...any) error {
	return &SyntaxError{offset, fmt.Sprintf(format, args...)}
}

// unexpected describes what stands at i, where want was needed.
func unexpected(s string, i int, want string) error {
	if i >= len(s) {
		return syntax(len(s), "unexpected end, want %s", want)
	}
	r, _ := utf8.DecodeRuneInString(s[i:])
	return syntax(i, "unexpected %q, want %s", r, want)
}

// Valid checks that a text is one JSON value with nothing but white space
// around it.
func Valid(text string) error {
	i, err := skip(text, space(text, 0), 0)
	if err != nil {
		return err
	}
	return atEnd(text, i)
}

func atEnd(s string, i int) error {
	if i = space(s, i); i < len(s) {
		return syntax(i, "text after the value")
	}
	return nil
}

func space(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// skip checks the value that begins at i and returns where it ends.
func skip(s string, i, depth int) (int, error) {
	if i >= len(s) {
		return 0, unexpected(s, i, "a value")
	}
	switch s[i] {
	case '"':
		end, _, err := scanString(s, i)
		return end, err
	case '{':
		return skipObject(s, i, depth+1)
	case '[':
		return skipList(s, i, depth+1)
	case 't':
		return word(s, i, "true")
	case 'f':
		return word(s, i, "false")
	case 'n':
		return word(s, i, "null")
	}
	return scanNumber(s, i)
}

func skipList(s string, i, depth int) (int, error) {
	if depth > MaxDepth {
		return 0, tooDeep(i)
	}
	i = space(s, i+1)
	if i < len(s) && s[i] == ']' {
		return i + 1, nil
	}
	for {
		end, err := skip(s, i, depth)
		if err != nil {
			return 0, err
		}
		i = space(s, end)
		if i >= len(s) || s[i] != ',' {
			break
		}
		i = space(s, i+1)
	}
	return closing(s, i, ']')
}

func skipObject(s string, i, depth int) (int, error) {
	if depth > MaxDepth {
		return 0, tooDeep(i)
	}
	i = space(s, i+1)
	if i < len(s) && s[i] == '}' {
		return i + 1, nil
	}
	for {
		end, err := key(s, i)
		if err != nil {
			return 0, err
		}
		if i, err = colon(s, end); err != nil {
			return 0, err
		}
		if end, err = skip(s, i, depth); err != nil {
			return 0, err
		}
		i = space(s, end)
		if i >= len(s) || s[i] != ',' {
			break
		}
		i = space(s, i+1)
	}
	return closing(s, i, '}')
}

func tooDeep(i int) error { return syntax(i, "more than %d levels deep", MaxDepth) }

func closing(s string, i int, bracket byte) (int, error) {
	if i >= len(s) || s[i] != bracket {
		return 0, unexpected(s, i, fmt.Sprintf("',' or '%c'", bracket))
	}
	return i + 1, nil
}

func key(s string, i int) (end int, err error) {
	if i >= len(s) || s[i] != '"' {
		return 0, unexpected(s, i, "a key in double quotes")
	}
	end, _, err = scanString(s, i)
	return end, err
}

// colon returns where the value begins that follows a key.
func colon(s string, i int) (int, error) {
	i = space(s, i)
	if i >= len(s) || s[i] != ':' {
		return 0, unexpected(s, i, "':'")
	}
	return space(s, i+1), nil
}

func word(s string, i int, want string) (int, error) {
	if len(s)-i < len(want) || s[i:i+len(want)] != want {
		return 0, unexpected(s, i, "a value")
	}
	return i + len(want), nil
}

// scanString checks the string whose opening quote stands at i. It is simple
// when its text is that between the quotes, to the letter.
func scanString(s string, i int) (end int, simple bool, err error) {
	simple = true
	for i++; i < len(s); {
		c := s[i]
		switch {
		case plain[c]:
			i++
		case c == '"':
			return i + 1, simple, nil
		case c == '\\':
			simple = false
			if i, err = scanEscape(s, i); err != nil {
				return 0, false, err
			}
		default:
			return 0, false, syntax(i, "the control character %q must be written as an escape in a string", c)
		}
	}
	return 0, false, syntax(len(s), "a string without its closing quote")
}

func scanEscape(s string, i int) (int, error) {
	if i+1 >= len(s) {
		return 0, syntax(len(s), "a string without its closing quote")
	}
	switch s[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2, nil
	case 'u':
		if _, ok := hex4(s, i+2); ok {
			return i + 6, nil
		}
	}
	return 0, syntax(i, "an escape that JSON does not have")
}

func hex4(s string, i int) (rune, bool) {
	if i+4 > len(s) {
		return 0, false
	}
	var r rune
	for _, c := range []byte(s[i : i+4]) {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return r, true
}

// scanNumber checks the number that begins at i and returns where it ends.
func scanNumber(s string, i int) (int, error) {
	start := i
	if i < len(s) && s[i] == '-' {
		i++
	}
	switch {
	case i < len(s) && s[i] == '0':
		i++
	case i < len(s) && '1' <= s[i] && s[i] <= '9':
		i = digits(s, i)
	case i == start:
		return 0, unexpected(s, i, "a value")
	default:
		return 0, unexpected(s, i, "a digit")
	}
	if i < len(s) && s[i] == '.' {
		end := digits(s, i+1)
		if end == i+1 {
			return 0, unexpected(s, end, "a digit")
		}
		i = end
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		end := digits(s, i)
		if end == i {
			return 0, unexpected(s, end, "a digit")
		}
		i = end
	}
	return i, nil
}

func digits(s string, i int) int {
	for i < len(s) && '0' <= s[i] && s[i] <= '9' {
		i++
	}
	return i
}
