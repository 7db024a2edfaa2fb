package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// mostMisfits is how many misfits are worth showing.
const mostMisfits = 5

// checkInput returns an error when the input is not of the type that the workflow
// declares. AWS would not notice before a state reads what is not there.
func checkInput(t *spec.Type, d *value.Doc) error {
	if t == nil {
		return nil
	}
	if wrong := misfits(t, d.Value(), "", true); len(wrong) > 0 {
		return fmt.Errorf("the input is no %s:\n%s", t, listed(wrong))
	}
	return nil
}

// checkResult warns when the result is not of the type that the workflow declares.
func checkResult(w io.Writer, t *spec.Type, d *value.Doc) {
	if t == nil {
		return
	}
	if wrong := misfits(t, d.Value(), "", false); len(wrong) > 0 {
		fmt.Fprintf(w, "warning: the result is no %s\n%s\n", t, listed(wrong))
	}
}

func listed(wrong []string) string {
	if n := len(wrong) - mostMisfits; n > 0 {
		wrong = append(wrong[:mostMisfits:mostMisfits], fmt.Sprintf("… and %d more", n))
	}
	return "  " + strings.Join(wrong, "\n  ")
}

// misfits says in which places a value is not of a type. A strict one has no
// members that the type does not know.
func misfits(t *spec.Type, v value.Value, path string, strict bool) []string {
	fits := true
	var below []string
	switch t.Kind {
	case spec.String:
		fits = v.Kind() == value.KindString
	case spec.Time:
		s, ok := v.Str()
		_, err := time.Parse(time.RFC3339, s)
		fits = ok && err == nil
	case spec.Int:
		_, fits = v.Int()
	case spec.Float:
		_, fits = v.Float()
	case spec.Bool:
		_, fits = v.Bool()
	case spec.Optional:
		if !v.IsUndefined() && !v.IsNull() {
			return misfits(t.Elem, v, path, strict)
		}
	case spec.List:
		fits = v.Kind() == value.KindList
		for i, item := range v.Items() {
			below = append(below, misfits(t.Elem, item, fmt.Sprintf("%s[%d]", path, i), strict)...)
		}
	case spec.Dict:
		fits = v.Kind() == value.KindObject
		for _, m := range v.Members() {
			below = append(below, misfits(t.Elem, m.Value, path+"."+m.Key, strict)...)
		}
	case spec.Struct:
		fits = v.Kind() == value.KindObject
		for _, f := range t.Fields {
			below = append(below, misfits(f.Type, v.Get(f.JSON), path+"."+f.JSON, strict)...)
		}
		for _, m := range v.Members() {
			if strict && !slices.ContainsFunc(t.Fields, func(f spec.Field) bool { return f.JSON == m.Key }) {
				below = append(below, fmt.Sprintf("%s is no field of %s", strings.TrimPrefix(path+"."+m.Key, "."), t))
			}
		}
	}
	path = strings.TrimPrefix(path, ".")
	switch {
	case fits:
		return below
	case path == "":
		return []string{"it is " + kindOf(v)}
	case v.IsUndefined():
		return []string{fmt.Sprintf("%s is missing: %s", path, t)}
	}
	return []string{fmt.Sprintf("%s is %s, not %s", path, kindOf(v), t)}
}

func kindOf(v value.Value) string {
	switch k := v.Kind(); k {
	case value.KindNull:
		return "null"
	case value.KindList, value.KindObject:
		return "an " + k.String()
	default:
		return "a " + k.String()
	}
}
