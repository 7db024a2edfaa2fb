package graph

// A Fail state ends its flow with an error. Both texts are optional.
type Fail struct {
	Base
	Error, Cause *Scalar
}
