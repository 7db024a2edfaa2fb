package wftest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// mocks is a mock configuration file of Step Functions Local.
type mocks struct {
	StateMachines map[string]struct {
		TestCases map[string]map[string]string
	}
	MockedResponses map[string]map[string]response
}

// response is what a mocked service answers to some of its calls.
type response struct {
	Return json.RawMessage
	Throw  *struct{ Error, Cause string }
}

// Mock answers tasks as a test case of a mock configuration file of Step
// Functions Local says; see AWS's documentation of MockConfigFile.json. The
// file's answers are those of whole integrations: for lambda:invoke an object
// with StatusCode and Payload. Scripts and handlers of Lambda functions come
// first; states that the test case does not name are not answered.
func (f *Flow[In, Out]) Mock(file, testCase string) *Flow[In, Out] {
	f.t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		f.t.Fatal(err)
	}
	var m mocks
	if err := json.Unmarshal(text, &m); err != nil {
		f.t.Fatalf("%s: %v", file, err)
	}
	machine := f.workflow.Definition.Name
	states, ok := m.StateMachines[machine].TestCases[testCase]
	if !ok {
		f.t.Fatalf("%s has no test case %q of the state machine %q", file, testCase, machine)
	}
	for state, name := range states {
		answers, ok := m.MockedResponses[name]
		if !ok {
			f.t.Fatalf("%s: the test case %q gives state %q the response %q, which is not there", file, testCase, state, name)
		}
		script := f.Task(state)
		for call := 0; ; call++ {
			r, ok, err := find(answers, call)
			if err != nil {
				f.t.Fatalf("%s: response %q: %v", file, name, err)
			}
			if !ok {
				break
			}
			script.Does(r.answer)
		}
		f.handlers[state] = whole{script}
	}
	return f
}

// find returns the answer to a call, counted from 0. The keys are numbers and
// ranges of numbers.
func find(answers map[string]response, call int) (r response, ok bool, err error) {
	for key, r := range answers {
		from, to, isRange := strings.Cut(key, "-")
		first, err := strconv.Atoi(from)
		last := first
		if err == nil && isRange {
			last, err = strconv.Atoi(to)
		}
		if err != nil {
			return r, false, fmt.Errorf("%q is neither a number nor a range like 0-2", key)
		}
		if first <= call && call <= last {
			return r, true, nil
		}
	}
	return r, false, nil
}

func (r response) answer(context.Context, json.RawMessage) (json.RawMessage, error) {
	if r.Throw != nil {
		return nil, &task.Error{Name: r.Throw.Error, Cause: r.Throw.Cause}
	}
	return r.Return, nil
}

// whole is a script that answers for a whole integration.
type whole struct{ *Task }

// Whole implements invoke.Whole.
func (whole) Whole() {}
