// Package conformance replays recordings of AWS Step Functions: it runs the
// recorded definition on the kernel with the recorded outcomes of its tasks, on
// virtual time, and compares the history that comes out with the recorded one,
// event for event.
//
// A recording is a case of the format that [Load] reads. What the recorder
// masked, such as times and generated ids, is unified: the first value that a
// mask meets must come again wherever the mask does.
package conformance
