package breaker_test

import (
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/breaker"
	flow "github.com/stepsmith-dev/stepsmith/examples/breaker/breakerflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestProtected(t *testing.T) {
	t.Parallel()
	call := wftest.New(t, flow.Protected).HandleAll(breaker.Tasks)
	request := flow.Request{Service: "billing", Body: []byte(`{"bill":7}`)}
	for range 3 {
		call.Run(request).Failed("Unavailable")
	}
	run := call.Run(request)
	run.Failed("CircuitOpen")
	run.NotVisited("Call service")

	// Two minutes later the service is given another chance.
	tasks := breaker.Tasks
	var stub flow.Stub
	stub.Send.Returns(flow.Response{Body: []byte(`"paid"`)})
	tasks.Send = stub.Send.Func
	call = wftest.New(t, flow.Protected).At(wftest.Start.Add(2 * time.Minute)).HandleAll(tasks)
	run = call.Run(request)
	if got := string(run.Succeeded().Body); got != `"paid"` {
		t.Errorf("got %s", got)
	}
	run.Visited("Close circuit")
}
