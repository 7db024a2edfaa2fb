package value

import (
	"unicode/utf8"
	"unsafe"
)

// AppendJSON appends the value as compact JSON: members in their order, numbers
// that nothing computed with in their own text, no escapes that JSON does not
// need. An undefined member of an object is left out, an undefined item of a
// list is null.
func (v Value) AppendJSON(dst []byte) []byte {
	switch p := v.p.(type) {
	case nil, nullMark:
		return append(dst, "null"...)
	case boolMark:
		if v.n == 1 {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case stringData:
		return AppendString(dst, unsafe.String((*byte)(p), int(v.n)))
	case numberData:
		return append(dst, unsafe.String((*byte)(p), int(v.n))...)
	case floatMark:
		f, _ := v.Float()
		return AppendFloat(dst, f)
	case listData:
		return appendList(dst, unsafe.Slice((*Value)(p), int(v.n&lengthBits)))
	case memberData:
		return appendObject(dst, unsafe.Slice((*Member)(p), int(v.n)))
	case *object:
		return appendObject(dst, p.members)
	}
	return append(dst, `""`...)
}

func appendList(dst []byte, items []Value) []byte {
	dst = append(dst, '[')
	for i := range items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = items[i].AppendJSON(dst)
	}
	return append(dst, ']')
}

func appendObject(dst []byte, members []Member) []byte {
	dst = append(dst, '{')
	first := true
	for i := range members {
		if members[i].Value.IsUndefined() {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = AppendString(dst, members[i].Key)
		dst = append(dst, ':')
		dst = members[i].Value.AppendJSON(dst)
	}
	return append(dst, '}')
}

// plain tells the bytes that stand for themselves in a JSON string of UTF-8.
var plain = func() (t [256]bool) {
	for c := 0x20; c < 0x100; c++ {
		t[c] = c != '"' && c != '\\'
	}
	return t
}()

// AppendString appends s as a JSON string. Quotes, backslashes and control
// characters are escaped, nothing else; what is not UTF-8 becomes U+FFFD.
func AppendString(dst []byte, s string) []byte {
	start := len(dst)
	dst = append(dst, '"')
	from, high := 0, byte(0)
	for i := range len(s) {
		c := s[i]
		high |= c
		if !plain[c] {
			dst = appendEscape(append(dst, s[from:i]...), c)
			from = i + 1
		}
	}
	if high >= utf8.RuneSelf && !utf8.ValidString(s) {
		return AppendString(dst[:start], wellFormed(s))
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"')
}

func appendEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\b':
		return append(dst, `\b`...)
	case '\f':
		return append(dst, `\f`...)
	case '\n':
		return append(dst, `\n`...)
	case '\r':
		return append(dst, `\r`...)
	case '\t':
		return append(dst, `\t`...)
	}
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// MarshalJSON implements json.Marshaler. The text is that of
// [Value.AppendJSON]; encoding/json escapes more of it.
func (v Value) MarshalJSON() ([]byte, error) { return v.AppendJSON(nil), nil }

// UnmarshalJSON implements json.Unmarshaler.
func (v *Value) UnmarshalJSON(text []byte) error {
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*v = parsed
	return nil
}
