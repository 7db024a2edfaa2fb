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
// Without a store, everything is kept in memory and lost with the process. The
// package links no store driver: a program that wants SQLite imports
// runtime/store/sqlite itself.
package runtime
