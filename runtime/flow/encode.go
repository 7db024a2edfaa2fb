package flow

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
)

// Encode writes a document. Nil slices and maps are written as empty ones: in a
// workflow a list is a list, and null is for what is optional.
func Encode(document any) (json.RawMessage, error) {
	v := reflect.ValueOf(document)
	if v.IsValid() && holdsLists(v.Type(), nil) {
		filled := reflect.New(v.Type()).Elem()
		filled.Set(v)
		fill(filled)
		document = filled.Interface()
	}
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(document); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n")), nil
}

var (
	jsonMarshaler = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

// opaque types write themselves.
func opaque(t reflect.Type) bool {
	return t.Implements(jsonMarshaler) || t.Implements(textMarshaler) || t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
}

// holdsLists reports whether a value of type t can hold a slice or a map.
func holdsLists(t reflect.Type, within []reflect.Type) bool {
	if opaque(t) {
		return false
	}
	switch t.Kind() {
	case reflect.Slice, reflect.Map:
		return true
	case reflect.Pointer, reflect.Array:
		return holdsLists(t.Elem(), within)
	case reflect.Struct:
		for _, outer := range within {
			if outer == t {
				return false
			}
		}
		for i := range t.NumField() {
			if holdsLists(t.Field(i).Type, append(within, t)) {
				return true
			}
		}
	}
	return false
}

// fill replaces the nil slices and maps in v, which is settable, by empty ones.
// What v shares with others is copied, not changed.
func fill(v reflect.Value) {
	if !v.CanSet() || !holdsLists(v.Type(), nil) {
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			v.Set(filled(v.Elem()).Addr())
		}
	case reflect.Slice:
		list := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(list, v)
		if holdsLists(v.Type().Elem(), nil) {
			for i := range list.Len() {
				fill(list.Index(i))
			}
		}
		v.Set(list)
	case reflect.Map:
		dict := reflect.MakeMapWithSize(v.Type(), v.Len())
		for entries := v.MapRange(); entries.Next(); {
			dict.SetMapIndex(entries.Key(), filled(entries.Value()))
		}
		v.Set(dict)
	}
}

func filled(v reflect.Value) reflect.Value {
	other := reflect.New(v.Type()).Elem()
	other.Set(v)
	fill(other)
	return other
}
