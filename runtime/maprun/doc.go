// Package maprun is the run of a distributed Map state: it reads the items,
// makes the inputs of the child executions, counts what fails, and puts the
// results together or writes them out.
//
// A [Run] starts nothing itself. Its driver asks it for the next child, runs
// that execution in whatever way it likes, and reports how it ended. Items are
// read as children start, so that memory is bounded by the children that run
// and, without a ResultWriter, by the limit of a result; not by the number of
// items.
package maprun
