// Package standard runs Standard executions durably: what happens to an
// execution is journaled in a store before it takes effect, and when an engine
// opens the store again, executions go on where they were.
//
// A task attempt reaches its handler at most once. When a crash leaves open what
// became of an attempt, the attempt fails with the error [task.Interrupted],
// which Retry and Catch may match; it is never handed out again by itself.
//
// # How it works
//
// A run is an execution in memory: the kernel's state and the driver's. Whatever
// happens to it goes into its inbox; whoever finds the run idle takes the inbox,
// advances the kernel and submits one batch to the store: the journal entry and
// what changed. Only after the batch is durable are its effects carried out:
// handlers called, callers answered, timers set. Meanwhile the inbox fills, and
// then it is all taken at once. The batches of all runs are committed together
// by the store.
//
// The run of a distributed Map state has an inbox and batches of its own, beside
// its execution's. Its children are executions, so that after a crash it finds in
// the store what has been done: it reads its items again, knows the children by
// the names that its seed gives them, and starts those that are missing.
// A redrive does the same, and waits for what still ends the run as it was: the row
// of each child tells the redrive of the run under which it ran last.
//
// A run that waits for nothing but a timer, a token or a child leaves memory and
// is read back from its journal when it is needed.
package standard
