package lower

import (
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// costly are the operations worth a name when one expression has them twice.
var costly = map[spec.Op]string{
	spec.OpSelect: "selected", spec.OpFilter: "filtered", spec.OpSum: "sum", spec.OpMax: "most", spec.OpMin: "least",
	spec.OpKeys: "keys", spec.OpSplit: "parts", spec.OpConcat: "joined", spec.OpAppend: "appended", spec.OpCode: "computed",
	spec.OpHas: "known", spec.OpBetween: "seconds", opCause: "cause",
}

// A shared term is the text of a costly operation within one expression.
type shared struct{ text, name string }

// note remembers a costly term, unless it depends on the item of a function
// around it.
func (w writer) note(x *spec.Expr, t term) {
	name, ok := costly[x.Op]
	if !ok || w.shared == nil || t.power != powerAtom || t.simple || t.array {
		return // a constructor means something else than a name where it is an item
	}
	for _, param := range w.params {
		if strings.Contains(t.text, "$"+param) {
			return
		}
	}
	*w.shared = append(*w.shared, shared{t.text, name})
}

// whole writes an expression that stands for itself, as a JSON string of the
// definition. What is costly and comes twice in it gets a name.
func (w writer) whole(write func(writer) term) string {
	var found []shared
	w.shared = &found
	text := write(w).text
	// The longest come first, so that what is only a part of them stays in them.
	slices.SortStableFunc(found, func(a, b shared) int { return len(b.text) - len(a.text) })
	var lets []shared
	for _, s := range found {
		count := strings.Count(text, s.text)
		for _, let := range lets {
			count += strings.Count(let.text, s.text)
		}
		if count < 2 {
			continue
		}
		inner, name := w.with(&spec.Source{Kind: spec.FromParam, Name: s.name})
		w.params = inner.params
		text = strings.ReplaceAll(text, s.text, "$"+name)
		for i := range lets {
			lets[i].text = strings.ReplaceAll(lets[i].text, s.text, "$"+name)
		}
		lets = append(lets, shared{s.text, name})
	}
	if lets == nil {
		return jsonata(term{text: text})
	}
	var b strings.Builder
	for _, let := range slices.Backward(lets) {
		b.WriteString("$" + let.name + " := " + let.text + "; ")
	}
	return jsonata(term{text: "(" + b.String() + text + ")"})
}
