package asl

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func parameters(c *checker, n *node, in *site) { template(c, n, in) }
func arguments(c *checker, n *node, in *site)  { expression(c, n, in) }
func payload(c *checker, n *node, in *site) {
	if in.language == JSONata {
		expression(c, n, in)
		return
	}
	template(c, n, in)
}

func resultSelector(c *checker, n *node, in *site) { template(c, n, in) }
func itemSelector(c *checker, n *node, in *site)   { payload(c, n, in) }
func template(c *checker, n *node, in *site)       {}
func messagePath(c *checker, n *node, in *site)    {}
func passResult(c *checker, n *node, in *site)     {}

func items(c *checker, n *node, in *site)      { expression(c, n, in) }
func output(c *checker, n *node, in *site)     { expression(c, n, in) }
func expression(c *checker, n *node, in *site) {}
func assign(c *checker, n *node, in *site)     {}

type read struct{}

// delimited returns what is between the delimiters of a JSONata string.
func delimited(s string) (string, bool) {
	inside, ok := strings.CutPrefix(s, "{%")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inside, "%}")
}

func (c *checker) dynamic(n *node, in *site) bool {
	if n.kind != value.KindString || in.language != JSONata {
		return false
	}
	_, ok := delimited(n.text)
	return ok
}
