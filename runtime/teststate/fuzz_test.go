package teststate_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/stepsmith-dev/stepsmith/runtime/teststate"
)

// FuzzRun tests arbitrary states with arbitrary requests: they may be refused or
// fail, and no more.
func FuzzRun(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.txtar"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		parts := map[string]string{"input": "{}"}
		for _, part := range txtar.Parse(text).Files {
			parts[part.Name] = string(part.Data)
		}
		f.Add(parts["definition"], parts["input"], parts["request"])
	}
	f.Fuzz(func(t *testing.T, definition, input, request string) {
		var r teststate.Request
		if json.Unmarshal([]byte(request), &r) != nil {
			return
		}
		r.Definition, r.Input = definition, &input
		response, err := teststate.Run(t.Context(), &r, teststate.Options{Seed: [2]uint64{1, 2}})
		var refused *teststate.Error
		if response == nil && err == nil || errors.As(err, &refused) && refused.Code == "" {
			t.Errorf("neither a response nor a refusal: %v", err)
		}
	})
}
