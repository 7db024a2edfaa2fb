package standard

// A fault is a mistake that an engine can be told to make, so that the
// simulation can prove that it finds mistakes of that kind. Nothing outside of
// tests sets one.
type fault int

const (
	sound         fault = iota
	rerunsStarted       // a task that had started is handed out again after a crash
	noIntent            // a handler is called before the journal says so
	tokenTwice          // a second answer to a token is acknowledged
	timerEarly          // timers fire before their time
	timerTwice          // a timer that has fired fires again
	childTwice          // a map run that is taken up does not know its children
	resultLost          // a map run that is taken up knows no results of them
	redriveTwice        // a redrive counts as two
)
