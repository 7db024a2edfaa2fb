package graph

// Handlers are the Retry and Catch fields of a state.
type Handlers struct {
	Retry []Retrier
	Catch []Catcher
}

// A Retrier says how often and when a failed attempt is made again. Defaults
// are filled in.
type Retrier struct {
	ErrorEquals     []string
	IntervalSeconds float64
	MaxAttempts     int64
	BackoffRate     float64
	// MaxDelaySeconds is 0 when delays are not capped.
	MaxDelaySeconds float64
	// FullJitter draws every delay between 0 and its computed value.
	FullJitter bool
}

// A Catcher says where a failed state goes on.
type Catcher struct {
	ErrorEquals []string
	Next        State
	ResultPath  *Path    // JSONPath; nil means that the error replaces the input
	Output      *Payload // JSONata; nil means the error
	Assign      *Assign  // nil when the catcher assigns nothing
}
