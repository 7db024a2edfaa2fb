// Package express runs executions in memory: it drives the kernel, calls task
// handlers as Go functions and keeps the time, real or virtual.
//
// It is what Express workflows need, and until the durable engine exists it
// runs Standard workflows with Standard's rules too. Nothing survives the
// process.
package express
