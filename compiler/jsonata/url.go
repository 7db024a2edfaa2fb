package jsonata

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// What stands for itself in a component of a URL, and in a whole one besides.
const (
	urlMarks    = "-_.!~*'()"
	urlReserved = ";/?:@&=+$,#"
)

var urlFunctions = []definition{
	{"encodeUrlComponent", "<s-:s>", 1, urlFunction("encodeUrlComponent", urlMarks, encodeURL)},
	{"encodeUrl", "<s-:s>", 1, urlFunction("encodeUrl", urlMarks+urlReserved, encodeURL)},
	{"decodeUrlComponent", "<s-:s>", 1, urlFunction("decodeUrlComponent", "", decodeURL)},
	{"decodeUrl", "<s-:s>", 1, urlFunction("decodeUrl", urlReserved, decodeURL)},
}

func urlFunction(name, kept string, f func(s, kept string) (string, bool)) func(native) (value.Value, *Error) {
	return defined(func(n native) (value.Value, *Error) {
		s, _ := n.arg(0).Str()
		result, ok := f(s, kept)
		if !ok {
			return value.Value{}, &Error{Code: "D3140", Value: n.arg(0), detail: name}
		}
		return n.ev.text(result)
	})
}

func encodeURL(s, kept string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false // half a surrogate pair
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		letter := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
		if letter || c < utf8.RuneSelf && strings.IndexByte(kept, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String(), true
}

func decodeURL(s, kept string) (string, bool) {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '%' {
			b.WriteByte(s[i])
			i++
			continue
		}
		start := i
		var encoded []byte
		for need := 1; len(encoded) < need; i += 3 {
			c, ok := hexByte(s, i)
			if !ok {
				return "", false
			}
			encoded = append(encoded, c)
			if len(encoded) == 1 {
				need = encodedSize(c)
			}
		}
		if !utf8.Valid(encoded) {
			return "", false
		}
		if strings.IndexByte(kept, encoded[0]) >= 0 {
			b.WriteString(s[start:i])
		} else {
			b.Write(encoded)
		}
	}
	return b.String(), true
}

// hexByte reads %XX at i.
func hexByte(s string, i int) (byte, bool) {
	if i+2 >= len(s) || s[i] != '%' {
		return 0, false
	}
	r, ok := hex4("00" + s[i+1:i+3])
	return byte(r), ok
}

// encodedSize returns how many bytes the character has that begins with c.
func encodedSize(c byte) int {
	switch {
	case c >= 0xF0:
		return 4
	case c >= 0xE0:
		return 3
	case c >= 0xC0:
		return 2
	}
	return 1
}

// base64Encode takes each UTF-16 unit for a byte, as the btoa of jsonata-js does.
func base64Encode(s string) string {
	units := toUnits(s)
	raw := make([]byte, len(units))
	for i, unit := range units {
		raw[i] = byte(unit)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// base64Decode reads what it can, as Node's Buffer does, and makes a character of
// each byte.
func base64Decode(s string) string {
	plain := make([]byte, 0, len(s))
scan:
	for i := range len(s) {
		switch c := s[i]; {
		case c == '=':
			break scan
		case c == '-':
			plain = append(plain, '+')
		case c == '_':
			plain = append(plain, '/')
		case 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '+' || c == '/':
			plain = append(plain, c)
		}
	}
	if len(plain)%4 == 1 {
		plain = plain[:len(plain)-1]
	}
	raw := make([]byte, base64.RawStdEncoding.DecodedLen(len(plain)))
	n, _ := base64.RawStdEncoding.Decode(raw, plain)
	dst := make([]byte, 0, n)
	for _, c := range raw[:n] {
		dst = utf8.AppendRune(dst, rune(c))
	}
	return string(dst)
}
