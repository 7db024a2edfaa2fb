package teststate

import (
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// verbatim returns the text of a value that was selected from one of the
// documents, as it stands there. AWS shows selections with the white space they
// were sent with.
func verbatim(d *value.Doc, from ...*string) string {
	compact := d.Value().String()
	for _, text := range from {
		if text == nil {
			continue
		}
		if found, ok := find(json.RawMessage(*text), compact); ok {
			return found
		}
	}
	return d.Text()
}

// find looks for a value within a text by its compact form.
func find(text json.RawMessage, compact string) (string, bool) {
	v, err := value.Parse(string(text))
	if err != nil {
		return "", false
	}
	if v.String() == compact {
		return string(text), true
	}
	var list []json.RawMessage
	switch v.Kind() {
	case value.KindList:
		if json.Unmarshal(text, &list) != nil {
			return "", false
		}
	case value.KindObject:
		var members map[string]json.RawMessage
		if json.Unmarshal(text, &members) != nil {
			return "", false
		}
		for _, m := range v.Members() {
			list = append(list, members[m.Key])
		}
	}
	for _, item := range list {
		if found, ok := find(item, compact); ok {
			return found, true
		}
	}
	return "", false
}
