package intrinsic

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// MaxText is how many characters States.Base64Encode, States.Base64Decode and
// States.Hash take.
const MaxText = 10_000

// prepareFormat cuts a template that is known at its {}, and counts them.
func prepareFormat(c *Call) (int, string) {
	template, ok := c.args[0].literal.Str()
	if !ok {
		return 0, ""
	}
	c.pieces = cut(template, c.args[0].braces)
	return 0, countMismatch(c.pieces, len(c.args)-1)
}

// cut cuts a template at its {}, but for the braces that were escaped.
func cut(template string, escaped []int) []string {
	var pieces []string
	from := 0
	for i := 0; i < len(template); i++ {
		for len(escaped) > 0 && escaped[0] < i {
			escaped = escaped[1:]
		}
		if !strings.HasPrefix(template[i:], "{}") || len(escaped) > 0 && escaped[0] <= i+1 {
			continue
		}
		pieces = append(pieces, template[from:i])
		i++
		from = i + 1
	}
	return append(pieces, template[from:])
}

func countMismatch(pieces []string, args int) string {
	if places := len(pieces) - 1; places != args {
		return fmt.Sprintf("the template has %d times {}, but %d arguments follow it", places, args)
	}
	return ""
}

func format(c *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	pieces := c.pieces
	if pieces == nil {
		template, _ := args[0].Str()
		pieces = cut(template, nil)
		if message := countMismatch(pieces, len(args)-1); message != "" {
			return value.Value{}, errors.New(message)
		}
	}
	var b strings.Builder
	b.WriteString(pieces[0])
	for i, piece := range pieces[1:] {
		b.WriteString(jsonpath.JavaText(args[i+1]))
		b.WriteString(piece)
	}
	return value.String(b.String()), nil
}

// stringToJSON parses a text; one of nothing but blanks is null.
func stringToJSON(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	text, _ := args[0].Str()
	if strings.Trim(text, " \t\r\n") == "" {
		return value.Null(), nil
	}
	return value.Parse(text)
}

func jsonToString(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	return value.String(args[0].String()), nil
}

// stringSplit cuts at every character of the separator; empty pieces do not
// count.
func stringSplit(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	text, _ := args[0].Str()
	separators, _ := args[1].Str()
	among := make(map[rune]bool)
	for _, r := range separators {
		among[r] = true
	}
	pieces := strings.FieldsFunc(text, func(r rune) bool { return among[r] })
	items := make([]value.Value, len(pieces))
	for i, piece := range pieces {
		items[i] = value.String(piece)
	}
	return value.List(items...), nil
}

// limited refuses texts that are too long, counted in UTF-16 units as Java does.
func limited(text string) error {
	if len(text) <= MaxText {
		return nil
	}
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	if n > MaxText {
		return fmt.Errorf("the text has %d characters, more than %d", n, MaxText)
	}
	return nil
}

func base64Encode(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	text, _ := args[0].Str()
	if err := limited(text); err != nil {
		return value.Value{}, err
	}
	return value.String(base64.StdEncoding.EncodeToString([]byte(text))), nil
}

// base64Decode passes over what is not of the alphabet, such as line ends, as a
// MIME decoder does, and does not need the padding.
func base64Decode(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	text, _ := args[0].Str()
	if err := limited(text); err != nil {
		return value.Value{}, err
	}
	body, _, _ := strings.Cut(text, "=")
	body = strings.Map(func(r rune) rune {
		if r == '+' || r == '/' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return -1
	}, body)
	decoded, err := base64.RawStdEncoding.DecodeString(body)
	if err != nil {
		return value.Value{}, errors.New("the text is not Base64")
	}
	return value.String(strings.ToValidUTF8(string(decoded), "\uFFFD")), nil
}

// digest returns the hash of a text in hexadecimal digits.
func digest(algorithm, text string) (string, bool) {
	data := []byte(text)
	switch algorithm {
	case "MD5":
		sum := md5.Sum(data)
		return hex.EncodeToString(sum[:]), true
	case "SHA-1":
		sum := sha1.Sum(data)
		return hex.EncodeToString(sum[:]), true
	case "SHA-256":
		sum := sha256.Sum256(data)
		return hex.EncodeToString(sum[:]), true
	case "SHA-384":
		sum := sha512.Sum384(data)
		return hex.EncodeToString(sum[:]), true
	case "SHA-512":
		sum := sha512.Sum512(data)
		return hex.EncodeToString(sum[:]), true
	}
	return "", false
}

func noAlgorithm(name string) string {
	return fmt.Sprintf("the algorithm must be MD5, SHA-1, SHA-256, SHA-384 or SHA-512, but is '%s'", name)
}

func prepareHash(c *Call) (int, string) {
	if name, ok := c.args[1].literal.Str(); ok {
		if _, known := digest(name, ""); !known {
			return 1, noAlgorithm(name)
		}
	}
	return 0, ""
}

// hash hashes a string, or the JSON text of anything else.
func hash(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	text, ok := args[0].Str()
	if !ok {
		text = args[0].String()
	}
	if err := limited(text); err != nil {
		return value.Value{}, err
	}
	algorithm, _ := args[1].Str()
	sum, ok := digest(algorithm, text)
	if !ok {
		return value.Value{}, errors.New(noAlgorithm(algorithm))
	}
	return value.String(sum), nil
}
