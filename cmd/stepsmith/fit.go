package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// checkFit warns when a document is not of the type that the workflow declares.
// AWS would not notice before a state reads what is not there.
func checkFit(w io.Writer, what string, t *spec.Type, d *value.Doc) {
	if t == nil {
		return
	}
	const most = 5
	wrong := misfits(t, d.Value(), "")
	for i, m := range wrong {
		if i == most {
			fmt.Fprintf(w, "  … and %d more\n", len(wrong)-most)
			break
		}
		if i == 0 {
			fmt.Fprintf(w, "warning: the %s is no %s\n", what, t)
		}
		fmt.Fprintf(w, "  %s\n", m)
	}
}

// misfits says in which places a value is not of a type.
func misfits(t *spec.Type, v value.Value, path string) []string {
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
			return misfits(t.Elem, v, path)
		}
	case spec.List:
		fits = v.Kind() == value.KindList
		for i, item := range v.Items() {
			below = append(below, misfits(t.Elem, item, fmt.Sprintf("%s[%d]", path, i))...)
		}
	case spec.Dict:
		fits = v.Kind() == value.KindObject
		for _, m := range v.Members() {
			below = append(below, misfits(t.Elem, m.Value, path+"."+m.Key)...)
		}
	case spec.Struct:
		fits = v.Kind() == value.KindObject
		for _, f := range t.Fields {
			below = append(below, misfits(f.Type, v.Get(f.JSON), path+"."+f.JSON)...)
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
