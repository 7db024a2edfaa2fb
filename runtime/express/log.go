package express

import (
	"context"
	"io"
	"log/slog"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// Logs takes the events of executions as records in the shape that Step
// Functions writes to CloudWatch Logs. The zero Logs write nothing.
type Logs struct {
	Level history.LogLevel
	// IncludeData has input and output in the records. Otherwise data stay out
	// of the logs; names, errors and causes are always there.
	IncludeData bool
	// Sink takes the records; each is one JSON object. It is called by several
	// goroutines and must not keep the bytes.
	Sink func(record []byte)
}

// On reports whether anything is logged.
func (l *Logs) On() bool { return l.Sink != nil && l.Level != "" && l.Level != history.LogOff }

// Write logs an event of an execution that was redriven so often, if the level
// says so.
func (l *Logs) Write(executionARN string, e history.Event, redrives int) {
	if l.Sink != nil && l.Level.Logs(e.Type) {
		l.Sink(history.Format{OmitData: !l.IncludeData}.AppendLog(nil, e, executionARN, redrives))
	}
}

// Observer is what a hook, which may be nil, and the logs want to be told about an
// execution that was redriven so often; nil when they want nothing.
func (l *Logs) Observer(hook func(executionARN string, e history.Event), redrives int) func(string, history.Event) {
	if !l.On() {
		return hook
	}
	return func(arn string, e history.Event) {
		if hook != nil {
			hook(arn, e)
		}
		l.Write(arn, e, redrives)
	}
}

// LogTo returns a sink that writes a line for each record.
func LogTo(w io.Writer) func(record []byte) {
	var mu sync.Mutex
	return func(record []byte) {
		mu.Lock()
		defer mu.Unlock()
		w.Write(append(record, '\n')) // delivery of logs is best effort, as on AWS
	}
}

// LogToSlog returns a sink that writes the records as messages of level INFO,
// the record being their attribute "event".
func LogToSlog(l *slog.Logger) func(record []byte) {
	return func(record []byte) {
		l.LogAttrs(context.Background(), slog.LevelInfo, "execution event", slog.Any("event", rawJSON(record)))
	}
}

// rawJSON is JSON that slog's handlers write as it is.
type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

func (r rawJSON) String() string { return string(r) }
