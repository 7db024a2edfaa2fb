package teststate

import (
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// unescape undoes the escapes of a JSON pointer.
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// resolve follows a JSON pointer (RFC 6901); the value is undefined when it leads
// to nothing.
func resolve(v value.Value, pointer string) value.Value {
	if pointer == "" || pointer == "/" {
		return v
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = unescape.Replace(part)
		if i, err := strconv.Atoi(part); err == nil && v.Kind() == value.KindList {
			v = v.Index(i)
		} else {
			v = v.Get(part)
		}
	}
	return v
}
