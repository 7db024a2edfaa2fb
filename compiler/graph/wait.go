package graph

// A Wait state waits: exactly one of its fields is set.
type Wait struct {
	Base
	Seconds   *Scalar
	Timestamp *Scalar
}
