package graph

import (
	"strings"
	"time"
)

// ParseTimestamp reads an ISO-8601 extended offset date-time: a capital T, and
// "Z" or an offset in hours and minutes. Seconds may be missing, and a fraction
// has up to nine digits.
func ParseTimestamp(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04Z") || strings.IndexByte(s, ',') >= 0 {
		return time.Time{}, false
	}
	layout := time.RFC3339
	if s[len("2006-01-02T15:04")] != ':' {
		layout = "2006-01-02T15:04Z07:00"
	}
	t, err := time.Parse(layout, s)
	if err != nil || fraction(s) > 9 {
		return time.Time{}, false
	}
	return t, true
}

// fraction counts the digits after the point.
func fraction(s string) int {
	_, after, _ := strings.Cut(s, ".")
	return len(after) - len(strings.TrimLeft(after, "0123456789"))
}
