package asl

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what the aliases of a YAML text may grow to. A text without
// any has fewer values than bytes.
func maxNodes(text string) int { return 1<<16 + len(text) }

// readYAML reads a definition in YAML. Plain scalars are what YAML 1.2's core
// schema says: no, on and dates are strings.
func readYAML(s *source) (*node, diag.List) {
	d := &Document{source: s}
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(s.text), &document); err != nil {
		found := d.diagnostic(nil, nil, invalidYAML, strings.TrimPrefix(err.Error(), "yaml: "))
		if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
			if line, err := strconv.Atoi(m[1]); err == nil && line <= len(s.lines()) {
				found.Pos = diag.Position{File: s.file, Line: line, Offset: s.lines()[line-1]}
			}
		}
		return nil, diag.List{found}
	}
	if len(document.Content) == 0 {
		return nil, nil
	}
	r := yamlReader{source: s, most: maxNodes(s.text)}
	root := r.node(document.Content[0], 0)
	if r.problem != "" {
		return nil, diag.List{d.diagnostic(nil, nil, invalidYAML, r.problem)}
	}
	return root, nil
}

var yamlLine = regexp.MustCompile(`line (\d+)`)

type yamlReader struct {
	source  *source
	count   int // of nodes so far
	most    int
	problem string
}

func (r *yamlReader) node(y *yaml.Node, depth int) *node {
	start := r.source.offset(y.Line, y.Column)
	n := &node{start: start, end: start}
	if r.count++; r.count > r.most || depth > maxDepth {
		r.problem = "its aliases make it too large"
		return n
	}
	switch y.Kind {
	case yaml.AliasNode:
		aliased := r.node(y.Alias, depth+1)
		aliased.start, aliased.end = start, start
		return aliased
	case yaml.ScalarNode:
		r.scalar(n, y)
	case yaml.SequenceNode:
		n.kind = value.KindList
		n.kids = []*node{}
		for _, item := range y.Content {
			kid := r.node(item, depth+1)
			kid.parent, kid.index = n, len(n.kids)
			n.kids = append(n.kids, kid)
		}
	case yaml.MappingNode:
		n.kind = value.KindObject
		n.kids = []*node{}
		r.mapping(n, y, depth)
		n.markTwins()
	}
	return cloudFormation(n, y.Tag)
}

// mapping reads the members of an object. Keys merged in by "<<" come where they
// are merged, unless the object has them itself.
func (r *yamlReader) mapping(n *node, y *yaml.Node, depth int) {
	for i := 0; i+1 < len(y.Content); i += 2 {
		k, v := y.Content[i], y.Content[i+1]
		if k.Tag == "!!merge" {
			r.merge(n, y, v, depth)
			continue
		}
		kid := r.node(v, depth+1)
		kid.parent, kid.key = n, k.Value
		kid.keyStart = r.source.offset(k.Line, k.Column)
		kid.keyEnd = min(kid.keyStart+len(k.Value), len(r.source.text))
		n.kids = append(n.kids, kid)
	}
}

func (r *yamlReader) merge(n *node, into, from *yaml.Node, depth int) {
	if from.Kind == yaml.AliasNode {
		from = from.Alias
	}
	if from.Kind == yaml.SequenceNode {
		for _, item := range from.Content {
			r.merge(n, into, item, depth)
		}
		return
	}
	own := make(map[string]bool)
	for i := 0; i+1 < len(into.Content); i += 2 {
		own[into.Content[i].Value] = true
	}
	for _, kid := range n.kids {
		own[kid.key] = true
	}
	if depth > maxDepth {
		return
	}
	merged := &node{kind: value.KindObject}
	r.mapping(merged, from, depth+1)
	for _, kid := range merged.kids {
		if !own[kid.key] {
			kid.parent = n
			n.kids = append(n.kids, kid)
		}
	}
}

// scalar reads a string, a number, true, false or null.
func (r *yamlReader) scalar(n *node, y *yaml.Node) {
	n.text = y.Value
	n.kind = value.KindString
	n.end = r.scalarEnd(n.start, y)
	if y.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0 || y.Tag == "!!str" && y.Style&yaml.TaggedStyle != 0 {
		return
	}
	switch y.Value {
	case "null", "Null", "NULL", "~", "":
		n.kind = value.KindNull
	case "true", "True", "TRUE":
		n.kind, n.truth = value.KindBool, true
	case "false", "False", "FALSE":
		n.kind = value.KindBool
	default:
		if text, ok := yamlNumber(y.Value); ok {
			n.kind, n.text = value.KindNumber, text
		}
	}
}

// scalarEnd finds where a scalar of one line ends in the text.
func (r *yamlReader) scalarEnd(start int, y *yaml.Node) int {
	rest := r.source.text[start:]
	if i := strings.IndexByte(rest, '\n'); i >= 0 {
		rest = rest[:i]
	}
	if strings.HasPrefix(rest, y.Value) {
		return start + len(y.Value)
	}
	if len(rest) > 0 && (rest[0] == '"' || rest[0] == '\'') {
		if i := strings.LastIndexByte(rest, rest[0]); i > 0 {
			return start + i + 1
		}
	}
	return start + len(strings.TrimRight(rest, " \r"))
}

// yamlNumber turns a number of YAML 1.2's core schema into one of JSON.
func yamlNumber(s string) (string, bool) {
	switch {
	case strings.HasPrefix(s, "0o"), strings.HasPrefix(s, "0x"):
		i, err := strconv.ParseUint(s, 0, 63)
		return strconv.FormatUint(i, 10), err == nil && !strings.Contains(s, "_")
	case !coreNumber.MatchString(s):
		return "", false
	}
	if _, ok := value.Number(s); ok {
		return s, true
	}
	f, err := strconv.ParseFloat(s, 64)
	return value.Float(f).String(), err == nil
}

var coreNumber = regexp.MustCompile(`^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$`)

// cloudFormation makes the short forms of CloudFormation's functions, which are
// tags in YAML, the objects that they stand for.
func cloudFormation(n *node, tag string) *node {
	name, ok := strings.CutPrefix(tag, "!")
	if !ok || strings.HasPrefix(name, "!") || name == "" {
		return n
	}
	if name != "Ref" && name != "Condition" {
		name = "Fn::" + name
	}
	if name == "Condition" {
		return n
	}
	call := &node{kind: value.KindObject, start: n.start, end: n.end, kids: []*node{n}}
	n.parent, n.key = call, name
	return call
}
