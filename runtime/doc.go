// Package runtime runs workflows. It is one façade over the two kinds of
// executions that AWS Step Functions has:
//
//   - Standard executions are durable: every event is journaled before it takes
//     effect, a task attempt reaches its handler at most once, and executions go
//     on where they were when the process starts again. They may take a year.
//   - Express executions run in memory and are fast. A synchronous one returns
//     its result; an asynchronous one was acknowledged when its start is safe,
//     is run again from the beginning after a crash, and tells its result to the
//     logs.
//
// An [Engine] runs the definitions that are deployed to it. A [Workflow] adds the
// Go types of a workflow's input and output; generated code has one for each
// workflow:
//
//	engine, err := runtime.New(runtime.Options{Store: db})
//	…
//	err = ordersflow.Fulfil.Deploy(ctx, engine, tasks)
//	run, err := ordersflow.Fulfil.Start(ctx, engine, order, runtime.Name("order-17"))
//	shipment, err := run.Wait(ctx)
//
// [Workflow.Run] runs one execution in memory, without an engine.
//
// # Stores
//
// Without a store, everything is kept in memory and lost with the process. The
// package links no store driver: a program that wants SQLite imports
// runtime/store/sqlite itself.
//
//	db, err := sqlite.Open("orders.db")
//	…
//	engine, err := runtime.New(runtime.Options{Store: db})
//	…
//	defer engine.Shutdown(ctx) // closes db, too
//
// One engine owns a file. What was running goes on when its machine is deployed
// again, so a program deploys all of its machines when it starts. Others read
// beside the owner, with sqlite.OpenReader and a Passive engine; that is how the
// command's list, describe and history work.
//
// # Errors
//
// What is refused is an [*Error] with the code of AWS's API, to be tested with
// errors.Is and one of the variables here. An execution that ended without success
// is an [*ExecutionError], which wraps the workflow's declared error.
//
// # What is going on
//
// [Options].Observe sees each history event, [Options].Logs writes them in the shape of
// CloudWatch Logs, and package runtime/telemetry makes traces and metrics of them.
package runtime
