package flow

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// An InputError says where a document does not fit the type that is wanted.
type InputError struct {
	Type   string   // Go's name of the type
	Faults []string // each with its path, such as "$.items[2].qty: …"
}

// Error lists all faults.
func (e *InputError) Error() string {
	if len(e.Faults) == 1 {
		return fmt.Sprintf("the input is no %s: %s", e.Type, e.Faults[0])
	}
	return fmt.Sprintf("the input is no %s:\n\t%s", e.Type, strings.Join(e.Faults, "\n\t"))
}

// Decode reads a document strictly: what T does not know, what is missing or
// null and not optional, and what is of another type is an error, an
// [*InputError] that names all of it. Optional is what Go has as a pointer, or
// with omitempty or omitzero.
func Decode[T any](text []byte) (T, error) {
	var document T
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var tree any
	err := d.Decode(&tree)
	if err == nil && d.More() {
		err = fmt.Errorf("there is something after the end of the document, at byte %d", d.InputOffset())
	}
	t := reflect.TypeFor[T]()
	c := checker{}
	switch {
	case err == io.EOF || err == io.ErrUnexpectedEOF:
		c.fault("$", "the JSON text ends too early")
	case err != nil:
		c.fault("$", "%v", err)
	default:
		c.value("$", tree, t, t.String())
	}
	if len(c.faults) > 0 {
		return document, &InputError{Type: t.String(), Faults: c.faults}
	}
	if err := json.Unmarshal(text, &document); err != nil { // the checker is to have seen to it that there is none
		return document, &InputError{Type: t.String(), Faults: []string{"$: " + err.Error()}}
	}
	return document, nil
}

// A checker compares a document with a Go type.
type checker struct{ faults []string }

func (c *checker) fault(path, format string, args ...any) {
	c.faults = append(c.faults, path+": "+fmt.Sprintf(format, args...))
}

// value checks the value v at path. what names the type t, and its field.
func (c *checker) value(path string, v any, t reflect.Type, what string) {
	switch p := reflect.PointerTo(t); {
	case t == reflect.TypeFor[json.RawMessage]() || t.Kind() == reflect.Interface:
		return
	case t.Kind() == reflect.Pointer:
		if v != nil {
			c.value(path, v, t.Elem(), what)
		}
		return
	case p.Implements(reflect.TypeFor[json.Unmarshaler]()):
		c.own(path, v, t, what)
		return
	case p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		if _, ok := v.(string); ok {
			c.own(path, v, t, what)
			return
		}
		c.mismatch(path, v, "a string", what)
		return
	}
	c.plain(path, v, t, what)
}

func (c *checker) plain(path string, v any, t reflect.Type, what string) {
	switch t.Kind() {
	case reflect.Struct:
		if object, ok := v.(map[string]any); ok {
			c.object(path, object, t)
		} else {
			c.mismatch(path, v, "an object", what)
		}
	case reflect.Map:
		object, ok := v.(map[string]any)
		if !ok {
			c.mismatch(path, v, "an object", what)
		}
		for _, key := range sortedKeys(object) {
			c.value(member(path, key), object[key], t.Elem(), t.Elem().String())
		}
	case reflect.Slice, reflect.Array:
		list, ok := v.([]any)
		if _, text := v.(string); text && t.Elem().Kind() == reflect.Uint8 {
			c.own(path, v, t, what)
			return
		}
		if !ok {
			c.mismatch(path, v, "an array", what)
		}
		for i, item := range list {
			c.value(path+"["+strconv.Itoa(i)+"]", item, t.Elem(), t.Elem().String())
		}
	case reflect.String:
		if _, ok := v.(string); !ok {
			c.mismatch(path, v, "a string", what)
		}
	case reflect.Bool:
		if _, ok := v.(bool); !ok {
			c.mismatch(path, v, "a boolean", what)
		}
	default:
		c.number(path, v, t, what)
	}
}

func (c *checker) number(path string, v any, t reflect.Type, what string) {
	number, ok := v.(json.Number)
	if !ok {
		c.mismatch(path, v, "a number", what)
		return
	}
	if json.Unmarshal([]byte(number), reflect.New(t).Interface()) != nil {
		c.fault(path, "%s does not fit %s", number, what)
	}
}

// own lets a type that reads itself read the value.
func (c *checker) own(path string, v any, t reflect.Type, what string) {
	text, err := json.Marshal(v)
	if err == nil && v == nil {
		c.mismatch(path, v, "a value", what)
		return
	}
	if err == nil {
		err = json.Unmarshal(text, reflect.New(t).Interface())
	}
	if err != nil {
		c.fault(path, "%s does not fit %s: %v", text, what, err)
	}
}

func (c *checker) mismatch(path string, v any, wanted, what string) {
	got := map[bool]string{true: "null", false: fmt.Sprintf("%T", v)}[v == nil]
	switch v.(type) {
	case string:
		got = "a string"
	case bool:
		got = "a boolean"
	case json.Number:
		got = "a number"
	case []any:
		got = "an array"
	case map[string]any:
		got = "an object"
	}
	c.fault(path, "%s where %s is wanted, for %s", got, wanted, what)
}

// object checks the members of an object against the fields of a struct.
func (c *checker) object(path string, object map[string]any, t reflect.Type) {
	fields := members(t, nil)
	for _, f := range fields {
		what := fmt.Sprintf("%s (%s)", f.goName, strings.TrimPrefix(f.typ.String(), "*"))
		v, there := object[f.name]
		switch {
		case there && v == nil && f.optional:
		case there:
			c.value(member(path, f.name), v, f.typ, what)
		case !f.optional:
			c.fault(member(path, f.name), "it is missing, for %s", what)
		}
	}
	for _, name := range sortedKeys(object) {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			c.fault(member(path, name), "%s has no such field%s", t, similar(name, fields))
		}
	}
}

// similar is a hint at the field whose name differs in case alone.
func similar(name string, fields []field) string {
	for _, f := range fields {
		if strings.EqualFold(f.name, name) {
			return fmt.Sprintf("; it has %q", f.name)
		}
	}
	return ""
}

// A field is a member of the object that a struct is in JSON.
type field struct {
	name     string
	goName   string // with its struct's
	typ      reflect.Type
	optional bool
}

// members lists the fields of a struct as encoding/json sees them; the fields
// of embedded structs stand where the embedding does.
func members(t reflect.Type, fields []field) []field {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case f.Tag.Get("json") == "-" || !f.IsExported() && !f.Anonymous:
			continue
		case f.Anonymous && name == "" && embedded.Kind() == reflect.Struct:
			fields = members(embedded, fields)
			continue
		case name == "":
			name = f.Name
		}
		fields = append(fields, field{
			name: name, goName: t.Name() + "." + f.Name, typ: f.Type,
			optional: f.Type.Kind() == reflect.Pointer || strings.Contains(options, "omit"),
		})
	}
	return fields
}

func member(path, name string) string {
	for i, r := range name {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || '9' < r) {
			return path + "[" + strconv.Quote(name) + "]"
		}
	}
	return path + "." + name
}

func sortedKeys(object map[string]any) []string {
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
