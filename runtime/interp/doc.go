// Package interp is the kernel: it executes a compiled state machine as a
// pure step function,
//
//	(graph, execution, event) -> (execution, commands, history events)
//
// The kernel has no clock, does no I/O, starts no goroutine and draws no
// randomness of its own. Time, ids and the seed of all randomness arrive in
// events; what has to happen outside is asked for by commands. Parallel
// branches and Map iterations are data inside one [Execution]. The same events
// therefore always give the same history, on every machine, also when the
// execution is written out with [Execution.MarshalBinary] and read back with
// [Restore] between any two of them.
//
// A driver feeds the kernel: it hands in [Started], carries out the commands
// it gets back, and reports what came of them. Drivers decide about clocks,
// threads and durability; what Amazon States Language means is decided here
// and nowhere else.
package interp
