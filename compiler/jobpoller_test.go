package compiler_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/examples/jobpoller"
)

// TestJobPoller compares the graph of our Job Poller with that of AWS's sample of
// the same name: six states, with one Choice.
func TestJobPoller(t *testing.T) {
	t.Parallel()
	program, list := compiler.Compile(jobpoller.JobPoller.Trace())
	if program == nil {
		t.Fatal(list.Err())
	}
	document, list := asl.Decode(program.ASL, "")
	if list.HasErrors() {
		t.Fatal(list)
	}
	type state struct {
		Type asl.Type
		To   []string
	}
	got := make(map[string]state)
	for _, s := range document.Machine.States {
		to := []string{s.Common().Next}
		if choice, ok := s.(*asl.Choice); ok {
			to = nil
			for _, rule := range choice.Choices {
				to = append(to, rule.Next)
			}
			to = append(to, choice.Default)
		}
		got[s.Common().Name] = state{s.Type(), to}
	}
	want := map[string]state{
		"Submit Job":           {asl.TypeTask, []string{"Wait X Seconds"}},
		"Wait X Seconds":       {asl.TypeWait, []string{"Get Job Status"}},
		"Get Job Status":       {asl.TypeTask, []string{"Job Complete?"}},
		"Job Complete?":        {asl.TypeChoice, []string{"Job Failed", "Get Final Job Status", "Wait X Seconds"}},
		"Job Failed":           {asl.TypeFail, []string{""}},
		"Get Final Job Status": {asl.TypeTask, []string{""}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the states (-want +got):\n%s", diff)
	}
}
