package interp

import (
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// items finds the list that a Map state runs over.
func (x *Execution) items(t *thread, s *graph.Map) (*value.Doc, *failure) {
	if s.JSONata {
		return x.queryItems(t, s)
	}
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return nil, f
	}
	list, f := x.selectDoc(t, s.ItemsPath, effective)
	if f != nil {
		return nil, f
	}
	if list.Value().Kind() != value.KindList {
		path := "$"
		if s.ItemsPath != nil { // AWS names a path into the context object with one "$"
			path = strings.Replace(s.ItemsPath.String(), "$$", "$", 1)
		}
		return nil, runtimeError(t, `Reference path "%s" must point to array.`, path)
	}
	x.note(AfterItemsPath, list)
	return list, nil
}

func (x *Execution) queryItems(t *thread, s *graph.Map) (*value.Doc, *failure) {
	list := t.input
	if s.Items != nil {
		var f *failure
		if list, f = x.evalDoc(t, s.Items, graph.View{Input: t.input}); f != nil {
			return nil, f
		}
	}
	v := list.Value()
	switch {
	case v.Kind() == value.KindList:
		return list, nil
	case s.Items != nil && s.Items.Expression() != nil:
		return nil, x.wrong(t, s.Items.Expression().Unexpected(v, value.KindList.String()))
	}
	return nil, x.evaluationFailed(t, "", "Map state input must be an array but was: "+v.String())
}

// concurrency is how many iterations of a Map state run at the same time.
func (x *Execution) concurrency(t *thread, s *graph.Map) (int, *failure) {
	field := s.MaxConcurrency
	if field == nil {
		return maxIterations, nil
	}
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return 0, f
	}
	n, f := x.count(t, field, effective)
	if f != nil || n == 0 || n > maxIterations {
		return maxIterations, f
	}
	return int(n), nil
}

// count evaluates a field that is a whole number from 0.
func (x *Execution) count(t *thread, field *graph.Scalar, input *value.Doc) (int64, *failure) {
	n, f := x.integer(t, field, input)
	if f == nil && n < 0 {
		return 0, runtimeError(t, "%s cannot be negative.", field.Name())
	}
	return n, f
}

// integer evaluates a field that is a whole number. By a path it may also be a
// string that looks like one.
func (x *Execution) integer(t *thread, field *graph.Scalar, input *value.Doc) (int64, *failure) {
	v, err := field.Eval(x.look(t, graph.View{Input: input}))
	if err != nil {
		return 0, x.wrong(t, err)
	}
	n, ok := v.Int()
	if text, isText := v.Str(); isText && field.Path != "" {
		n, err = strconv.ParseInt(text, 10, 64)
		ok = err == nil
	}
	switch {
	case ok:
		return n, nil
	case field.Path != "":
		return 0, runtimeError(t, `The %s field refers to value "%s" which is not a valid integer: %s`, field.Field, plain(v), field.Path)
	}
	return 0, x.unexpected(t, field, v, "number")
}

// itemInput is the input of an iteration: the item, or what ItemSelector makes
// of it.
func (x *Execution) itemInput(g *group, s *graph.Map, slot int) (*value.Doc, *failure) {
	v := g.items.Value().Index(slot)
	if s.ItemSelector == nil {
		return value.DocOf(v), nil
	}
	effective, f := x.inputPath(g.owner, s.InputPath)
	if f != nil {
		return nil, f
	}
	x.selecting = &item{slot, v}
	defer func() { x.selecting = nil }()
	return x.evalDoc(g.owner, s.ItemSelector, graph.View{Input: effective})
}
