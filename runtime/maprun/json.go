package maprun

import (
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var errNotIterable = errors.New("Attempting to map over non-iterable node.")

// An array is the stream of the items of a JSON array, or of the members of an
// object, within a file. Only one item is in memory at a time.
type array struct {
	object
	json    *json.Decoder
	members bool
}

func newArray(o object, text io.Reader, pointer string) (*array, error) {
	a := &array{object: o, json: json.NewDecoder(text)}
	a.json.UseNumber()
	if pointer != "" {
		for _, part := range strings.Split(strings.TrimPrefix(pointer, "/"), "/") {
			part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
			if err := a.descend(part); err != nil {
				return nil, err
			}
		}
	}
	token, err := a.json.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('['):
	case json.Delim('{'):
		a.members = true
	default:
		return nil, errNotIterable
	}
	return a, nil
}

// descend goes to a member of an object or an item of an array.
func (a *array) descend(part string) error {
	token, err := a.json.Token()
	if err != nil {
		return err
	}
	var skip json.RawMessage
	switch token {
	case json.Delim('{'):
		for a.json.More() {
			key, err := a.json.Token()
			if err != nil || key == part {
				return err
			}
			if err := a.json.Decode(&skip); err != nil {
				return err
			}
		}
	case json.Delim('['):
		index, err := strconv.Atoi(part)
		for i := 0; err == nil && a.json.More(); i++ {
			if i == index {
				return nil
			}
			err = a.json.Decode(&skip)
		}
	}
	return errors.New("the ItemsPointer leads to nothing: there is no " + strconv.Quote(part))
}

func (a *array) Next() (value.Value, string, error) {
	if !a.json.More() {
		if _, err := a.json.Token(); err != nil && !errors.Is(err, io.EOF) {
			return value.Value{}, "", err
		}
		return value.Value{}, "", io.EOF
	}
	var key json.Token
	if a.members {
		var err error
		if key, err = a.json.Token(); err != nil {
			return value.Value{}, "", err
		}
	}
	var raw json.RawMessage
	if err := a.json.Decode(&raw); err != nil {
		return value.Value{}, "", err
	}
	v, err := value.Parse(string(raw))
	if a.members && err == nil {
		v = value.Object(value.Member{Key: "Key", Value: value.String(key.(string))}, value.Member{Key: "Value", Value: v})
	}
	return v, a.name, err
}
