// Package teststate is AWS's TestState: it runs one state by itself, with an
// input, variables and a context object of the caller's choice, and tells what
// came of it and what the state made of its data on the way. A mock can stand
// in for the work of a Task, Map or Parallel state; the mocks of service
// integrations are checked against the models of AWS's APIs.
//
// The state runs on the kernel that runs executions. Nothing waits: a Wait
// state ends at once.
package teststate
