// Package beside measures the kernel, the Express driver and coinbase/step on the
// same chain of states in the same run:
//
//	go test -bench . -cpu 1
package beside
