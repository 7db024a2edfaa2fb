package hello_test

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/hello"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

//go:embed hello.asl.json
var definition string

func TestHello(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(hello.Handlers)
	run := flow.Run(json.RawMessage(`{"name": "Jürgen"}`))
	if got, want := string(run.Succeeded()), `{"text":"Guten Tag, Jürgen!"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	run.Path("Detect language", "Greet")
}

func TestUnknownLanguage(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, definition).HandleAll(hello.Handlers)
	flow.Task("detect-language").Returns(map[string]string{"code": "tlh"})
	run := flow.Run(json.RawMessage(`{"name": "Worf"}`))
	if cause := run.Failed("UnknownLanguage"); cause != "tlh" {
		t.Errorf("cause %q, want the language", cause)
	}
}
