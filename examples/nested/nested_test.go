package nested_test

import (
	_ "embed"
	"encoding/json"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

var (
	//go:embed write.asl.json
	write string
	//go:embed send.asl.json
	send string
)

func TestWrite(t *testing.T) {
	t.Parallel()
	flow := wftest.Definition(t, write).Child(runtime.Definition{Name: "Send", ASL: send})
	printed := flow.Task("print").Returns(nil)
	flow.Task("post").Returns(map[string]int{"number": 1})
	run := flow.Run(json.RawMessage(`{"text": "hi", "people": ["Ada", "Grace"]}`))
	if got, want := string(run.Succeeded()), `{"sent":2}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	printed.Called(2)
}
