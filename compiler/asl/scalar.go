package asl

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

const (
	maxSeconds  = 99_999_999
	maxDelay    = 31_622_400
	maxItemsMax = 100_000_000
	maxBatch    = 256 << 10
	maxExpress  = 300 // seconds
	noLimit     = 1 << 53
)

// text wants a string.
func text(c *checker, n *node, _ *site) {
	if n.kind != value.KindString && !n.open() {
		c.say(n, wrongType, n.key, "a string")
	}
}

// oneOf wants one of the texts.
func oneOf(known ...string) rule {
	return func(c *checker, n *node, _ *site) {
		if n.open() {
			return
		}
		if s, ok := n.str(); ok {
			for _, k := range known {
				if s == k {
					return
				}
			}
		}
		c.say(n, oneOfValues, n.key, strings.Join(known, ", "))
		if near := closest(n.text, known); near != "" {
			c.fix("did you mean %q?", near)
		}
	}
}

// required wants the fields to be there.
func (c *checker) required(n *node, names ...string) {
	var missing []string
	for _, name := range names {
		if !n.has(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		c.say(n, required, strings.Join(missing, ", "))
	}
}

// exclusive allows one of the fields at most, and returns how many there are.
func (c *checker) exclusive(n *node, names ...string) int {
	var there []string
	for _, name := range names {
		if n.has(name) {
			there = append(there, name)
		}
	}
	if len(there) > 1 {
		c.say(n, exclusive, strings.Join(there, ", "))
		c.last.Pos = c.doc.key(n.get(there[1]))
	}
	return len(there)
}

// exactly wants one of the fields and no more.
func (c *checker) exactly(n *node, names ...string) {
	if c.exclusive(n, names...) == 0 {
		c.say(n, needOne, strings.Join(names, ", "))
	}
}

// whole wants a whole number that is written out.
func whole(low, high int64) rule {
	return func(c *checker, n *node, _ *site) { c.number(n, low, high) }
}

// wholeOrExpression also takes a JSONata expression, and has a twin that takes a
// path.
func wholeOrExpression(low, high int64) rule {
	return func(c *checker, n *node, in *site) {
		if c.dynamic(n, in) {
			return
		}
		before := len(c.list)
		c.number(n, low, high)
		if len(c.list) > before {
			c.elsewhere(n, in)
		}
	}
}

// elsewhere tells how to write what was meant by a text in the place of a number
// or a time.
func (c *checker) elsewhere(n *node, in *site) {
	switch {
	case n.kind != value.KindString || in.language != JSONPath:
	case strings.HasPrefix(n.text, "$"):
		c.fix("to read it from there, use %q", n.key+"Path")
	case evaluatedWhole(n.text):
		c.fix("to have it evaluated, set \"QueryLanguage\": \"JSONata\"")
	}
}

// Numbers of the language.
var (
	seconds    = wholeOrExpression(1, maxSeconds)
	count      = wholeOrExpression(0, noLimit)
	maxItems   = wholeOrExpression(0, maxItemsMax)
	positive   = wholeOrExpression(1, noLimit)
	batchBytes = wholeOrExpression(1, maxBatch)
)

func machineSeconds(c *checker, n *node, _ *site) { c.number(n, 1, maxSeconds) }

func waitSeconds(c *checker, n *node, in *site) {
	wholeOrExpression(0, maxSeconds)(c, n, in)
	if s, ok := n.value().Int(); ok && in.express && s > maxExpress {
		c.say(n, tooLong, n.key, s)
	}
}

// number checks a literal whole number.
func (c *checker) number(n *node, low, high int64) {
	if n.open() {
		return
	}
	i, ok := n.value().Int()
	switch {
	case n.kind == value.KindString && strings.HasPrefix(n.text, "{%"):
		c.say(n, onlyLiteral, n.key)
	case !ok:
		c.say(n, wrongType, n.key, "a whole number")
		if _, quoted := value.Number(n.text); quoted && n.kind == value.KindString {
			c.fix("write it without quotes")
		}
	case i < low || i > high:
		c.say(n, outOfRange, n.key, between(low, high))
	}
}

func between(low, high int64) string {
	if high == noLimit {
		return fmt.Sprintf("at least %d", low)
	}
	return fmt.Sprintf("from %d to %d", low, high)
}

// percentage wants a number from 0 to 100.
func percentage(c *checker, n *node, in *site) {
	if c.dynamic(n, in) || n.open() {
		return
	}
	if f, ok := n.value().Float(); !ok {
		c.say(n, wrongType, n.key, "a number")
	} else if f < 0 || f > 100 {
		c.say(n, outOfRange, n.key, between(0, 100))
	}
}

// backoffRate wants a number from 1.
func backoffRate(c *checker, n *node, _ *site) {
	if n.open() {
		return
	}
	if f, ok := n.value().Float(); n.kind == value.KindString && strings.HasPrefix(n.text, "{%") {
		c.say(n, onlyLiteral, n.key)
	} else if !ok {
		c.say(n, wrongType, n.key, "a number")
	} else if f < 1 {
		c.say(n, outOfRange, n.key, "at least 1.0")
	}
}

// timestamp wants a time in the form of RFC 3339.
func timestamp(c *checker, n *node, in *site) {
	if c.dynamic(n, in) || n.open() {
		return
	}
	if s, ok := n.str(); !ok || !isTimestamp(s) {
		c.say(n, noTimestamp)
		c.elsewhere(n, in)
	}
}

var timestampForm = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)

// isTimestamp takes the profile of RFC 3339 that the language asks for: a
// capital T, and a capital Z where there is no offset.
func isTimestamp(s string) bool {
	if !timestampForm.MatchString(s) {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, s)
	return err == nil
}

// wait wants exactly one of the fields that say how long.
func (c *checker) wait(s *step) {
	if s.language == JSONata {
		c.exactly(s.node, "Seconds", "Timestamp")
		return
	}
	c.exactly(s.node, "Seconds", "SecondsPath", "Timestamp", "TimestampPath")
}

// message checks the Error or Cause of a Fail state.
func message(c *checker, n *node, in *site) {
	if !c.dynamic(n, in) {
		text(c, n, in)
		c.looksLikePath(n, in)
	}
}
