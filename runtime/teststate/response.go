package teststate

import (
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// A Response is the output of TestState, with the names of its JSON. Members
// that hold JSON hold it as text.
type Response struct {
	Output         *string     `json:"output,omitempty"`
	Error          *string     `json:"error,omitempty"`
	Cause          *string     `json:"cause,omitempty"`
	InspectionData *Inspection `json:"inspectionData,omitempty"`
	// NextState is where an execution would go on; absent at the end of a flow.
	NextState *string `json:"nextState,omitempty"`
	Status    Status  `json:"status"`
}

// A Status says how a test ended.
type Status string

// The statuses.
const (
	Succeeded   Status = "SUCCEEDED"
	Failed      Status = "FAILED"
	Retriable   Status = "RETRIABLE" // a Retry would try again
	CaughtError Status = "CAUGHT_ERROR"
)

// An Inspection shows what the state made of its data. Which members it has
// depends on the type of the state and on its query language; variables are
// those after the state.
type Inspection struct {
	Input                      *string       `json:"input,omitempty"`
	AfterArguments             *string       `json:"afterArguments,omitempty"`
	AfterInputPath             *string       `json:"afterInputPath,omitempty"`
	AfterParameters            *string       `json:"afterParameters,omitempty"`
	AfterItemsPath             *string       `json:"afterItemsPath,omitempty"`
	AfterItemsPointer          *string       `json:"afterItemsPointer,omitempty"`
	AfterItemSelector          *string       `json:"afterItemSelector,omitempty"`
	AfterItemBatcher           *string       `json:"afterItemBatcher,omitempty"`
	Result                     *string       `json:"result,omitempty"`
	AfterResultSelector        *string       `json:"afterResultSelector,omitempty"`
	AfterResultPath            *string       `json:"afterResultPath,omitempty"`
	MaxConcurrency             *int64        `json:"maxConcurrency,omitempty"`
	ToleratedFailureCount      *int64        `json:"toleratedFailureCount,omitempty"`
	ToleratedFailurePercentage *Percentage   `json:"toleratedFailurePercentage,omitempty"`
	Variables                  *string       `json:"variables,omitempty"`
	Request                    *Sent         `json:"request,omitempty"`
	Response                   *Received     `json:"response,omitempty"`
	ErrorDetails               *ErrorDetails `json:"errorDetails,omitempty"`
}

// ErrorDetails tells what covers the error, by position in Catch and in Retry.
type ErrorDetails struct {
	CatchIndex *int `json:"catchIndex,omitempty"`
	RetryIndex *int `json:"retryIndex,omitempty"`
	// RetryBackoffIntervalSeconds is how long the next retry would wait; absent
	// when the retrier is used up.
	RetryBackoffIntervalSeconds *int64 `json:"retryBackoffIntervalSeconds,omitempty"`
}

// A Percentage is a number that always has a decimal point in JSON.
type Percentage float64

// MarshalJSON implements json.Marshaler.
func (p Percentage) MarshalJSON() ([]byte, error) {
	text := value.AppendFloat(nil, float64(p))
	for _, c := range text {
		if c == '.' || c == 'e' {
			return text, nil
		}
	}
	return append(text, ".0"...), nil
}

// inspector keeps what a visit tells.
type inspector struct {
	data    *Inspection
	context *string // the text of the context object, nil when it was not given
	visible func(interp.Stage) bool
}

// inspect takes in a stage.
func (i *inspector) inspect(s interp.Stage, d *value.Doc) {
	if !i.visible(s) {
		return
	}
	text := d.Text()
	switch s {
	case interp.AfterInputPath:
		text = verbatim(d, i.data.Input, i.context)
		i.data.AfterInputPath = &text
	case interp.AfterParameters:
		i.data.AfterParameters = &text
	case interp.AfterArguments:
		i.data.AfterArguments = &text
	case interp.AfterItemsPath:
		text = verbatim(d, i.data.Input, i.context)
		i.data.AfterItemsPath = &text
	case interp.RawResult:
		i.data.Result = &text
	case interp.AfterResultSelector:
		i.data.AfterResultSelector = &text
	case interp.AfterResultPath:
		i.data.AfterResultPath = &text
	case interp.Concurrency:
		i.data.MaxConcurrency = integer(d)
	case interp.ToleratedCount:
		i.data.ToleratedFailureCount = integer(d)
	case interp.ToleratedPercentage:
		f, _ := d.Value().Float()
		i.data.ToleratedFailurePercentage = (*Percentage)(&f)
	}
}

func integer(d *value.Doc) *int64 {
	n, _ := d.Value().Int()
	return &n
}
