// Package replay runs a definition on the kernel with the recorded outcomes of
// its tasks, and compares what happens with what was recorded. The history of a
// production failure, as GetExecutionHistory returns it, thus runs again on a
// laptop, event for event, and an edited definition can be asked whether it would
// have saved the execution.
//
// [World] is the engine, which the conformance tests share; [Run] compares.
package replay
