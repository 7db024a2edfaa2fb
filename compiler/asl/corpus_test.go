package asl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// corpus calls test for each of the real definitions in ../shared/corpus, or in
// the folder that STEPSMITH_CORPUS names.
func corpus(t testing.TB, test func(file string, text []byte)) {
	t.Helper()
	folder := os.Getenv("STEPSMITH_CORPUS")
	if folder == "" {
		folder = filepath.Join("..", "..", "..", "shared", "corpus")
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.asl.json"))
	if err != nil || len(files) == 0 {
		t.Skipf("no corpus of definitions in %s; STEPSMITH_CORPUS names its folder", folder)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		test(file, text)
	}
}

func TestCorpusRoundTrip(t *testing.T) {
	t.Parallel()
	corpus(t, func(file string, text []byte) {
		name := filepath.Base(file)
		d, list := Decode(text, file)
		if d == nil || list.HasErrors() {
			t.Errorf("%s: %s", name, list.Error())
			return
		}
		encoded := d.Machine.Encode()
		again, list := Decode(encoded, file)
		if again == nil {
			t.Errorf("%s: what was encoded cannot be decoded: %s", name, list.Error())
			return
		}
		if string(again.Machine.Encode()) != string(encoded) {
			t.Errorf("%s: encoded differently the second time", name)
		}
		if want, err := value.Parse(string(text)); err == nil {
			got, err := value.Parse(string(encoded))
			if err != nil || !value.Equal(want, got) {
				t.Errorf("%s: the encoded definition says something else", name)
			}
		}
	})
}

func TestCorpusErrors(t *testing.T) {
	t.Parallel()
	corpus(t, func(file string, text []byte) {
		d, list := Decode(text, filepath.Base(file))
		if d != nil {
			list = append(list, Validate(d, Options{})...)
		}
		for _, found := range list.Only(diag.Error) {
			t.Logf("%s at %s", strings.TrimSpace(found.String()), found.Pointer)
		}
	})
}
