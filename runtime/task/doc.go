// Package task is where work meets workflows: the handlers that do a task's
// work as Go functions, what they learn about the task they work on, and how
// their errors get the names that Retry and Catch match.
//
// A handler is typed at its rim and plain JSON inside: [Func] makes a [Handler]
// of a Go function, [Handlers] finds the handler of a task by the names in the
// definition. The package imports nothing but the standard library, so that a
// program with handlers alone stays small.
package task
