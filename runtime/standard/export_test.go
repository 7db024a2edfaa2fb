package standard

// Fault is a mistake that tests plant to see that they would find it.
type Fault = fault

// The faults that can be planted.
const (
	RerunsStarted = rerunsStarted
	NoIntent      = noIntent
	TokenTwice    = tokenTwice
	TimerEarly    = timerEarly
	TimerTwice    = timerTwice
	ChildTwice    = childTwice
	ResultLost    = resultLost
	RedriveTwice  = redriveTwice
)

// Purging looks at so many executions together, and deletes so many.
const (
	PurgePage  = purgePage
	PurgeGroup = purgeGroup
)

// Plant makes an engine make a mistake.
func (e *Engine) Plant(f Fault) { e.fault = f }

// Live is the number of executions in memory.
func (e *Engine) Live() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.live)
}
