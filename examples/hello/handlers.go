package hello

import (
	"context"
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers does the work of the tasks when the workflow runs on this machine.
var Handlers = task.Handlers{
	"detect-language": task.Func(detect),
	"greet":           task.Func(greet),
}

type (
	person   struct{ Name string }
	language struct {
		Code string `json:"code"`
	}
	request  struct{ Name, Language string }
	greeting struct {
		Text string `json:"text"`
	}
)

func detect(_ context.Context, p person) (language, error) {
	if strings.ContainsAny(p.Name, "äöüß") {
		return language{"de"}, nil
	}
	return language{"en"}, nil
}

func greet(_ context.Context, r request) (greeting, error) {
	hello, ok := map[string]string{"de": "Guten Tag", "en": "Hello"}[r.Language]
	if !ok {
		return greeting{}, &task.Error{Name: "UnknownLanguage", Cause: r.Language}
	}
	return greeting{fmt.Sprintf("%s, %s!", hello, r.Name)}, nil
}
