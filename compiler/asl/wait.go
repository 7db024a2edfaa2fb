package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Wait delays the execution by a span or until a time. Exactly one of its
// fields is set.
type Wait struct {
	Base
	// Seconds is a whole number from 0 or a JSONata string; Timestamp is an RFC
	// 3339 time or a JSONata string. The paths belong to JSONPath.
	Seconds, SecondsPath, Timestamp, TimestampPath value.Value
}

// Type returns [TypeWait].
func (*Wait) Type() Type { return TypeWait }

func (*Wait) fields() []field[Wait] {
	return append(head[Wait](),
		field[Wait]{"InputPath", onlyJSONPath, func(w *Wait) any { return &w.InputPath }, inputPath},
		field[Wait]{"Seconds", both, func(w *Wait) any { return &w.Seconds }, waitSeconds},
		field[Wait]{"SecondsPath", onlyJSONPath, func(w *Wait) any { return &w.SecondsPath }, referencePath},
		field[Wait]{"Timestamp", both, func(w *Wait) any { return &w.Timestamp }, timestamp},
		field[Wait]{"TimestampPath", onlyJSONPath, func(w *Wait) any { return &w.TimestampPath }, referencePath},
		field[Wait]{"OutputPath", onlyJSONPath, func(w *Wait) any { return &w.OutputPath }, outputPath},
		field[Wait]{"Assign", both, func(w *Wait) any { return &w.Assign }, assign},
		field[Wait]{"Output", onlyJSONata, func(w *Wait) any { return &w.Output }, output},
		field[Wait]{"Next", both, func(w *Wait) any { return &w.Next }, next},
		field[Wait]{"End", both, func(w *Wait) any { return &w.End }, end},
	)
}
