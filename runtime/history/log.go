package history

import "strconv"

// A LogLevel says which events of an execution are logged, as the logging
// configuration of a state machine does.
type LogLevel string

// The levels of AWS.
const (
	LogAll   LogLevel = "ALL"
	LogError LogLevel = "ERROR"
	LogFatal LogLevel = "FATAL"
	LogOff   LogLevel = "OFF"
)

// Logs reports whether events of the type are logged at this level. The zero
// level logs nothing.
func (l LogLevel) Logs(t Type) bool {
	switch l {
	case LogAll:
		return true
	case LogError:
		return t.failure() || l.fatal(t)
	case LogFatal:
		return l.fatal(t)
	}
	return false
}

func (LogLevel) fatal(t Type) bool { return t.Terminal() && t != ExecutionSucceeded }

// failure reports whether an event of this type tells that something went wrong
// below the execution itself.
func (t Type) failure() bool {
	switch t {
	case FailStateEntered, EvaluationFailed,
		ActivityFailed, ActivityScheduleFailed, ActivityTimedOut,
		LambdaFunctionFailed, LambdaFunctionScheduleFailed, LambdaFunctionStartFailed, LambdaFunctionTimedOut,
		MapIterationAborted, MapIterationFailed, MapRunAborted, MapRunFailed, MapStateAborted, MapStateFailed,
		ParallelStateAborted, ParallelStateFailed,
		TaskFailed, TaskStartFailed, TaskSubmitFailed, TaskTimedOut, TaskStateAborted, WaitStateAborted:
		return true
	}
	return false
}

// AppendLog appends the record that CloudWatch Logs gets of an event, a JSON
// object in which all numbers of the event itself are strings. The only part of
// the format that counts is OmitData, which is includeExecutionData=false. redrives
// is how often the execution had been redriven.
func (f Format) AppendLog(dst []byte, e Event, executionARN string, redrives int) []byte {
	w := object{buf: append(dst, '{'), omitData: f.OmitData}
	w.text("id", strconv.FormatInt(e.ID, 10))
	w.text("type", string(e.Type))
	w.key("details")
	w.open()
	if e.Details != nil {
		e.Details.fields(&w)
	}
	w.close()
	w.text("previous_event_id", strconv.FormatInt(e.PreviousID, 10))
	w.text("event_timestamp", strconv.FormatInt(e.Time.UnixMilli(), 10))
	w.text("execution_arn", executionARN)
	w.text("redrive_count", strconv.Itoa(redrives))
	return append(w.buf, '}')
}
