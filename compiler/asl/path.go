package asl

import (
	"errors"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A read is a place that reads a variable.
type read struct {
	name string
	// guarded says that it is no harm when there is no such variable, as in
	// $exists($name).
	guarded bool
	// called says that the name is called as a function.
	called bool
	look   // what of its value is looked at
}

// A look is a place that reads data of a state.
type look struct {
	node  *node
	path  string   // as it is written, from the root
	steps []string // the members that it goes through; items of lists are left out
	at    stage
	// fails says that the execution fails where there is no such data.
	fails bool
}

// A stage is data of a state at some point of its course.
type stage uint8

const (
	effectiveInput stage = iota // after InputPath
	rawInput
	taskResult   // before ResultSelector
	beforeOutput // the input with the result in it, before OutputPath
	contextObject
	noStage // data that is not followed
)

// inputPath checks InputPath.
func inputPath(c *checker, n *node, in *site) { c.path(n, in, anyPath|nullable, rawInput) }

// outputPath checks OutputPath.
func outputPath(c *checker, n *node, in *site) { c.path(n, in, anyPath|nullable, beforeOutput) }

// resultPath checks ResultPath, which may not lead into the context or a
// variable.
func resultPath(c *checker, n *node, in *site) {
	c.path(n, in, reference|nullable|inputOnly, noStage)
}

// referencePath checks the "…Path" twin of a number or a time.
func referencePath(c *checker, n *node, in *site) { c.path(n, in, reference, effectiveInput) }

func itemsPath(c *checker, n *node, in *site) {
	at := effectiveInput
	if in.step.node.has("ItemReader") {
		at = noStage
	}
	c.path(n, in, anyPath, at)
}

// variable checks the Variable of a choice rule. IsPresent looks for what may
// not be there.
func variable(c *checker, n *node, in *site) {
	at := effectiveInput
	if n.parent.has("IsPresent") {
		at = noStage
	}
	c.path(n, in, anyPath, at)
}

func comparisonPath(c *checker, n *node, in *site) { c.path(n, in, anyPath, effectiveInput) }

type pathRules uint8

const (
	anyPath   pathRules = 0
	reference pathRules = 1 << (iota - 1)
	nullable
	inputOnly
)

// path checks a field that holds a path.
func (c *checker) path(n *node, in *site, rules pathRules, at stage) {
	if n.open() || n.kind == value.KindNull && rules&nullable != 0 {
		return
	}
	s, ok := n.str()
	if !ok {
		c.say(n, badPath, n.key)
		return
	}
	p, err := jsonpath.Compile(s)
	if err != nil {
		c.say(n, badPath, n.key)
		c.explain(n, err)
		return
	}
	switch {
	case rules&inputOnly != 0 && p.Root() != jsonpath.InputRoot:
		c.say(n, badReference, n.key)
		c.fix("it leads into the state's input: begin it with \"$.\"")
		return
	case rules&reference != 0 && !referenceFromAnywhere(p):
		c.say(n, badReference, n.key)
		c.fix("a Reference Path names one place: it has no wildcards, filters, slices or \"..\"")
		return
	}
	c.reads(n, p, in, at)
}

// referenceFromAnywhere reports whether a path names one place in the input, the
// context or a variable.
func referenceFromAnywhere(p *jsonpath.Path) bool {
	if p.Root() == jsonpath.InputRoot {
		return p.Reference()
	}
	relative, err := jsonpath.Compile(p.Relative())
	return err == nil && relative.Reference()
}

// explain adds what a compiler said to the last diagnostic, and points to it.
func (c *checker) explain(n *node, err error) {
	offset := 0
	var path *jsonpath.Error
	var call *intrinsic.SyntaxError
	text := err.Error()
	switch {
	case errors.As(err, &call):
		offset, text = call.Offset, call.Message
	case errors.As(err, &path):
		offset, text = path.Offset, path.Message
	}
	c.fix("%s", text)
	c.point(n, offset)
}

// point moves the last diagnostic to a byte of a string, where the string has no
// escapes.
func (c *checker) point(n *node, offset int) {
	begin := n.start + 1
	source := c.doc.source.text
	if begin+len(n.text) > len(source) || source[begin:begin+len(n.text)] != n.text || offset >= len(n.text) || offset < 0 {
		return
	}
	c.last.Pos = c.doc.source.position(begin+offset, begin+offset+1)
}

// reads notes what a path looks at.
func (c *checker) reads(n *node, p *jsonpath.Path, in *site, at stage) {
	if in.step == nil {
		return
	}
	switch p.Root() {
	case jsonpath.VariableRoot:
		r := read{name: p.Variable(), look: look{node: n, path: p.Source(), fails: p.Definite()}}
		if relative, err := jsonpath.Compile(p.Relative()); err == nil {
			r.steps, _ = pathSteps(relative)
		}
		in.step.reads = append(in.step.reads, r)
	case jsonpath.ContextRoot:
		if relative, err := jsonpath.Compile(p.Relative()); err == nil {
			if steps, ok := pathSteps(relative); ok {
				in.step.looks = append(in.step.looks, look{node: n, path: p.Source(), steps: steps, at: contextObject})
			}
		}
	case jsonpath.InputRoot:
		if steps, ok := pathSteps(p); ok && at != noStage {
			in.step.looks = append(in.step.looks, look{node: n, path: p.Source(), steps: steps, at: at, fails: p.Definite()})
		}
	}
}

// indexStep stands for an item of a list among the steps of a look.
const indexStep = "\x00"

// pathSteps takes a definite path from the input apart.
func pathSteps(p *jsonpath.Path) ([]string, bool) {
	if !p.Definite() {
		return nil, false
	}
	rest, ok := strings.CutPrefix(p.String(), "$")
	var steps []string
	for ok && rest != "" {
		var step string
		switch {
		case strings.HasPrefix(rest, "['"):
			step, rest, ok = strings.Cut(rest[2:], "']")
			ok = ok && !strings.ContainsAny(step, `\'`)
		case strings.HasPrefix(rest, "["):
			_, rest, ok = strings.Cut(rest, "]")
			step = indexStep
		default:
			ok = false
		}
		steps = append(steps, step)
	}
	return steps, ok
}
