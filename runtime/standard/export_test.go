package standard

// Fault is a mistake that tests plant to see that they would find it.
type Fault = fault

// The faults that can be planted.
const (
	RerunsStarted = rerunsStarted
	NoIntent      = noIntent
	TokenTwice    = tokenTwice
	TimerEarly    = timerEarly
)

// Plant makes an engine make a mistake.
func (e *Engine) Plant(f Fault) { e.fault = f }
