package jsonata

import (
	"unicode/utf16"
	"unicode/utf8"
)

// A string of JavaScript is UTF-16 and may hold one half of a surrogate pair.
// Here such a half is three bytes, as if it were a character (WTF-8). It leaves
// the evaluator as U+FFFD.

// appendRune appends a character or half a surrogate pair.
func appendRune(dst []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(dst, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0xBF, 0x80|byte(r)&0xBF)
	}
	return utf8.AppendRune(dst, r)
}

// surrogateAt returns the half of a surrogate pair that s begins with, if it
// does.
func surrogateAt[S ~string | ~[]byte](s S) (rune, bool) {
	if len(s) < 3 || s[0] != 0xED || s[1]&0xE0 != 0xA0 || s[2]&0xC0 != 0x80 {
		return 0, false
	}
	return 0xD000 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), true
}

// loneSurrogate returns where the first half of a surrogate pair is, or -1.
func loneSurrogate[S ~string | ~[]byte](s S) (int, rune) {
	for i := 0; i+2 < len(s); i++ {
		if unit, ok := surrogateAt(s[i:]); ok {
			return i, unit
		}
	}
	return -1, 0
}

// joinSurrogates makes characters of halves that follow each other.
func joinSurrogates(s []byte) []byte {
	if i, _ := loneSurrogate(s); i < 0 {
		return s
	}
	var dst []byte
	for i := 0; i < len(s); {
		first, ok := surrogateAt(s[i:])
		if ok {
			if second, ok := surrogateAt(s[i+3:]); ok {
				if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
					dst = utf8.AppendRune(dst, r)
					i += 6
					continue
				}
			}
		}
		dst = append(dst, s[i])
		i++
	}
	return dst
}

// appendUnit appends half a surrogate pair as an escape.
func appendUnit(dst []byte, unit rune) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[unit>>12&15], hex[unit>>8&15], hex[unit>>4&15], hex[unit&15])
}

// toUnits returns s in UTF-16.
func toUnits(s string) []uint16 {
	dst := make([]uint16, 0, len(s))
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			dst = append(dst, uint16(c))
			i++
			continue
		}
		if unit, ok := surrogateAt(s[i:]); ok {
			dst = append(dst, uint16(unit))
			i += 3
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		dst = utf16.AppendRune(dst, r)
		i += size
	}
	return dst
}

// fromUnits returns the string of s in UTF-16.
func fromUnits(s []uint16) string {
	dst := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		r := rune(s[i])
		if i+1 < len(s) {
			if pair := utf16.DecodeRune(r, rune(s[i+1])); pair != utf8.RuneError {
				r = pair
				i++
			}
		}
		dst = appendRune(dst, r)
	}
	return string(dst)
}
