package hello_test

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/hello"
	"github.com/stepsmith-dev/stepsmith/examples/hello/helloflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestHello(t *testing.T) {
	t.Parallel()
	run := wftest.New(t, helloflow.Hello).HandleAll(hello.Tasks).Run(helloflow.Person{Name: "Jürgen"})
	if got, want := run.Succeeded().Text, "Guten Tag, Jürgen!"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	run.Path("Detect language", "Greet")
}

func TestUnknownLanguage(t *testing.T) {
	t.Parallel()
	tasks := hello.Tasks
	var stub helloflow.Stub
	stub.Detect.Returns(helloflow.Language{Code: "tlh"})
	tasks.Detect = stub.Detect.Func
	run := wftest.New(t, helloflow.Hello).HandleAll(tasks).Run(helloflow.Person{Name: "Worf"})
	if cause := run.Failed("UnknownLanguage"); cause != "tlh" {
		t.Errorf("cause %q, want the language", cause)
	}
}
