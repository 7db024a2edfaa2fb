// Package store is where the durable engine keeps machines and executions. The
// drivers are in the packages below; package storetest has the tests that every
// driver passes.
//
// The truth about an execution is its journal: what happened outside of the
// kernel, in order, with the times. The kernel is a pure function, so the journal
// gives back the state and the history of the execution, event for event.
package store
