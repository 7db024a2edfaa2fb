package hello

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/examples/hello/hellotask"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Tasks does the work when the workflow runs on this machine.
var Tasks = hellotask.Tasks{Detect: detect, Greet: greet}

func detect(_ context.Context, p hellotask.Person) (hellotask.Language, error) {
	if strings.ContainsAny(p.Name, "äöüß") {
		return hellotask.Language{Code: "de"}, nil
	}
	return hellotask.Language{Code: "en"}, nil
}

func greet(_ context.Context, r hellotask.Request) (hellotask.Greeting, error) {
	hello, ok := map[string]string{"de": "Guten Tag", "en": "Hello"}[r.Language]
	if !ok {
		return hellotask.Greeting{}, &task.Error{Name: "UnknownLanguage", Cause: r.Language}
	}
	return hellotask.Greeting{Text: fmt.Sprintf("%s, %s!", hello, r.Name)}, nil
}
