package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// readInput reads what --input names: standard input, a JSON text or a file.
// Nothing is an empty object, as it is on AWS.
func readInput(flag string, stdin io.Reader) (*value.Doc, error) {
	text := []byte(flag)
	from := "--input"
	switch {
	case flag == "":
		text = []byte("{}")
	case flag == "-":
		from = "standard input"
		var err error
		if text, err = io.ReadAll(stdin); err != nil {
			return nil, err
		}
	case !json.Valid(text):
		from = flag
		var err error
		text, err = os.ReadFile(flag)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("--input %s is neither JSON nor a file; quote JSON for the shell: --input '{\"name\": \"Ada\"}'", flag)
		}
		if err != nil {
			return nil, err
		}
	}
	doc, err := value.ParseDoc(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", from, err)
	}
	return doc, nil
}
