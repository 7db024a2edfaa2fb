package interp

import (
	"errors"
	"math"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// maxWait is the longest time that a Wait state may take, as was recorded.
const maxWait = math.MaxInt32 * time.Second

// wait executes a Wait state up to its timer.
func (x *Execution) wait(t *thread, s *graph.Wait) *failure {
	until, f := x.waitUntil(t, s)
	if f != nil {
		return f
	}
	if until.Sub(x.now) > maxWait {
		return runtimeError(t, "Wait state delay is too long.")
	}
	t.phase = sleeping
	t.timer = x.startThreadTimer(t, until)
	return nil
}

func (x *Execution) waitUntil(t *thread, s *graph.Wait) (time.Time, *failure) {
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return time.Time{}, f
	}
	field := s.Seconds
	if field == nil {
		field = s.Timestamp
	}
	v, err := field.Eval(x.look(t, graph.View{Input: effective}))
	switch {
	case err != nil && field.Path != "":
		return time.Time{}, runtimeError(t, "The %s parameter does not reference an input value: %s", field.Field, field.Path)
	case err != nil:
		return time.Time{}, x.wrong(t, err)
	case field == s.Seconds:
		return x.afterSeconds(t, field, v)
	}
	return x.atTimestamp(t, field, v)
}

func (x *Execution) afterSeconds(t *thread, field *graph.Scalar, v value.Value) (time.Time, *failure) {
	n, whole := v.Int()
	number, isNumber := v.Float()
	switch {
	case field.Path == "" && !isNumber:
		return time.Time{}, x.unexpected(t, field, v, "number")
	case field.Path != "" && !whole:
		return time.Time{}, runtimeError(t, "The %s parameter cannot be parsed as a long value: %s == %s", field.Field, field.Path, plain(v))
	case field.Path != "" && n < 0:
		return time.Time{}, runtimeError(t, "The %s parameter references a negative value: %s == %d", field.Field, field.Path, n)
	case field.Path == "" && number < 0:
		return time.Time{}, x.evaluationFailed(t, field.Field, "The Seconds field cannot be a negative value: "+v.String())
	case !whole:
		n = int64(math.Min(math.Floor(number), math.MaxInt64/2))
	}
	return t.enteredAt.Add(seconds(n)), nil // after a redrive, what remains of it
}

func (x *Execution) atTimestamp(t *thread, field *graph.Scalar, v value.Value) (time.Time, *failure) {
	text, isText := v.Str()
	if at, ok := graph.ParseTimestamp(text); ok && isText {
		return at, nil
	}
	const format = "a valid ISO-8601 extended offset date-time format string: "
	switch {
	case field.Path != "":
		return time.Time{}, runtimeError(t, "The %s parameter does not reference %s%s == %s", field.Field, format, field.Path, plain(v))
	case !isText:
		return time.Time{}, x.unexpected(t, field, v, "string")
	}
	return time.Time{}, x.evaluationFailed(t, field.Field,
		"The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: "+text)
}

// unexpected is the failure of a field whose value has the wrong type. A
// literal of the wrong type is refused when the machine is created; should one
// come here all the same, it fails the execution.
func (x *Execution) unexpected(t *thread, field *graph.Scalar, v value.Value, want string) *failure {
	if field.Expression() == nil {
		return x.wrong(t, errors.New("The "+field.Field+" field must be a "+want+" but was: "+v.String()))
	}
	return x.wrong(t, field.Expression().Unexpected(v, want))
}

// plain is how AWS shows a value in a message: strings without quotes.
func plain(v value.Value) string {
	if s, ok := v.Str(); ok {
		return s
	}
	return v.String()
}
