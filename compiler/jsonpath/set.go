package jsonpath

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// Set returns the document with v at the path, as ResultPath writes it: objects
// on the way are made where they are missing, what stands there already is
// replaced, in its place. An index must be one the list has. Where the document
// does not fit, or the path is not a Reference Path, the error is an [*Error] of
// kind Mismatch. What did not change is shared between both documents.
func (p *Path) Set(doc, v value.Value) (value.Value, error) {
	if p.Reference() && p.root == InputRoot {
		if changed, ok := set(doc, p.steps, v); ok {
			return changed, nil
		}
	}
	return value.Value{}, &Error{Kind: Mismatch, Path: p.source,
		Message: "Unable to apply ReferencePath " + p.source + " to input " + doc.String()}
}

func set(doc value.Value, steps []step, v value.Value) (value.Value, bool) {
	if len(steps) == 0 {
		return v, true
	}
	s := &steps[0]
	if s.kind == index {
		n := s.numbers[0]
		item := doc.Index(n)
		if item.IsUndefined() {
			return value.Value{}, false
		}
		item, ok := set(item, steps[1:], v)
		if !ok {
			return value.Value{}, false
		}
		return doc.WithItem(n, item), true
	}
	switch doc.Kind() {
	case value.KindUndefined:
		doc = value.Object()
	case value.KindObject:
	default:
		return value.Value{}, false
	}
	x, ok := set(doc.Get(s.name), steps[1:], v)
	if !ok {
		return value.Value{}, false
	}
	return doc.With(s.name, x), true
}
