package teststate_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/invoke"
	"github.com/stepsmith-dev/stepsmith/runtime/teststate"
)

// TestTrace tests an HTTP task with a real request, and sees what went over the
// wire but for the secret of the connection.
func TestTrace(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer s3cret" {
			t.Error("the request is not authorized")
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header()["Date"] = nil
		w.Write([]byte(`{"ok": true}`)) //nolint:errcheck // a recorder
	}))
	defer server.Close()
	const arn = "arn:aws:events:us-east-1:123456789012:connection/api/1"
	wire := &teststate.Wire{Transport: server.Client().Transport, Secret: func(name string) bool { return name == "Authorization" }}
	caller := &invoke.Caller{HTTP: &invoke.HTTP{Client: &http.Client{Transport: wire}, Connections: map[string]invoke.Connection{
		arn: func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer s3cret")
			return nil
		},
	}}}
	got, err := teststate.Run(t.Context(), &teststate.Request{
		Definition: strings.NewReplacer("URL", server.URL, "ARN", arn).Replace(`{"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": {
			"ApiEndpoint": "URL/things", "Method": "POST", "RequestBody": {"a": 1}, "InvocationConfig": {"ConnectionArn": "ARN"}}, "ResultSelector": {"ok.$": "$.ResponseBody.ok"}, "End": true}`),
		InspectionLevel: teststate.Trace,
	}, teststate.Options{Wire: wire, Invoke: func(ctx context.Context, task *interp.InvokeTask) (*interp.Answer, error) {
		answer := new(interp.Answer)
		caller.Do(ctx, task, func(e interp.Event) {
			if e, ok := e.(*interp.TaskSucceeded); ok {
				answer.Output = e.Output
			}
		})
		return answer, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	if *got.Output != `{"ok":true}` {
		t.Errorf("output %s", *got.Output)
	}
	wantSent := &teststate.Sent{
		Protocol: "https", Method: "POST", URL: server.URL + "/things", Body: `{"a":1}`,
		Headers: "[Content-Type: [application/json; charset=UTF-8], Range: [bytes=0-262144], User-Agent: [Amazon|StepFunctions|HttpInvoke|us-east-1]]",
	}
	if diff := cmp.Diff(wantSent, got.InspectionData.Request); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
	wantReceived := &teststate.Received{
		Protocol: "https", StatusCode: "200", StatusMessage: "OK", Body: `{"ok": true}`,
		Headers: "[content-length: [12], content-type: [application/json]]",
	}
	if diff := cmp.Diff(wantReceived, got.InspectionData.Response); diff != "" {
		t.Errorf("response (-want +got):\n%s", diff)
	}
}
