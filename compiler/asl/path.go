package asl

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// inputPath checks InputPath.
func inputPath(c *checker, n *node, in *site) { c.path(n, in, anyPath|nullable) }

// outputPath checks OutputPath.
func outputPath(c *checker, n *node, in *site) { c.path(n, in, anyPath|nullable) }

// resultPath checks ResultPath, which may not lead into the context or a
// variable.
func resultPath(c *checker, n *node, in *site) { c.path(n, in, reference|nullable|inputOnly) }

// referencePath checks the "…Path" twin of a number or a time.
func referencePath(c *checker, n *node, in *site) { c.path(n, in, reference) }

func itemsPath(c *checker, n *node, in *site)      { c.path(n, in, anyPath) }
func variable(c *checker, n *node, in *site)       { c.path(n, in, anyPath) }
func comparisonPath(c *checker, n *node, in *site) { c.path(n, in, anyPath) }

type pathRules uint8

const (
	anyPath   pathRules = 0
	reference pathRules = 1 << iota
	nullable
	inputOnly
)

// path checks a field that holds a path.
func (c *checker) path(n *node, in *site, rules pathRules) {
	if n.open() || n.kind == value.KindNull && rules&nullable != 0 {
		return
	}
	s, ok := n.str()
	if !ok || !strings.HasPrefix(s, "$") {
		c.say(n, badPath, n.key)
	}
}
