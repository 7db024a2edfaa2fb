package standard_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// trunkWork goes one after another through tasks, a timer, a token and a child. It
// makes 4 of 0.
var trunkWork = &workload{
	name: "trunk",
	machines: []preyMachine{
		{"leaf", "STANDARD", leaf},
		{"trunk", "STANDARD", machine("A", `"A":`+lambda("work", again+`"Next": "W"`), `"W": {"Type": "Wait", "Seconds": 10, "Next": "T"}`,
			`"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
				"Parameters": {"FunctionName": "ask", "Payload": {"token.$": "$$.Task.Token", "n.$": "$"}}, `+again+` "Next": "C"}`,
			`"C": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "OutputPath": "$.Output",
				"Parameters": {"StateMachineArn": "leaf", "Input.$": "$"}, "Next": "B"}`,
			`"B":`+lambda("work", again+`"End": true`))},
	},
	handlers: func(e *preyEngine) task.Handlers {
		return task.Handlers{
			"work": task.Func(e.work),
			"ask": task.Func(func(ctx context.Context, in struct {
				Token string
				N     int
			}) (any, error) {
				return nil, errors.Join(e.called(task.Info(ctx)), e.ask(in.Token, in.N))
			}),
		}
	},
	round: func(e *preyEngine) error {
		const atOnce = 3
		var work []func() error
		for i := range atOnce {
			work = append(work, func() error {
				arn, err := e.start("trunk", fmt.Sprint("g", e.generation, "-", i), value.Int(0))
				if err != nil {
					return err
				}
				return e.end(arn)
			})
		}
		return together(work...)
	},
	ends: map[string][]string{"trunk": {"SUCCEEDED 4"}, "leaf": {"SUCCEEDED 3"}},
}

// preyWait is how long the Wait state takes.
const preyWait = 10 * time.Second
