package nested_test

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/examples/nested"
	flow "github.com/stepsmith-dev/stepsmith/examples/nested/nestedflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestWrite(t *testing.T) {
	t.Parallel()
	var stub flow.Stub
	tasks := nested.Tasks
	tasks.Print = stub.Print.FuncIn
	run := wftest.New(t, flow.Write).HandleAll(tasks).
		Run(flow.Campaign{Text: "hi", People: []string{"Ada", "Grace"}})
	if got, want := run.Succeeded(), (flow.Report{Sent: 2}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if letters := stub.Print.Calls(); len(letters) != 2 {
		t.Errorf("printed %+v, want two letters", letters)
	}
}

func TestInMemory(t *testing.T) {
	t.Parallel()
	var stub flow.Stub
	stub.Post.Returns(flow.Stamp{Number: 1})
	report, err := flow.Write.Run(t.Context(), &stub, flow.Campaign{Text: "hi", People: []string{"Ada"}})
	if err != nil || report.Sent != 1 {
		t.Errorf("%+v, %v", report, err)
	}
}
