package maprun

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// An entry is what came of one child.
type entry struct {
	child   *Child
	end     *interp.Complete
	stopped time.Time
}

// record describes the child as DescribeExecution does, with capitals.
func (e *entry) record() value.Value {
	info := e.child.Start.Info
	m := []value.Member{
		{Key: "ExecutionArn", Value: value.String(info.ExecutionID)},
		{Key: "Input", Value: value.String(e.child.Start.Input.Text())},
		{Key: "InputDetails", Value: included},
		{Key: "Name", Value: value.String(info.ExecutionName)},
	}
	if e.end.Output != nil {
		m = append(m, value.Member{Key: "Output", Value: value.String(e.end.Output.Text())})
	}
	if e.end.Error != nil {
		m = append(m, value.Member{Key: "Error", Value: value.String(*e.end.Error)})
	}
	if e.end.Cause != nil {
		m = append(m, value.Member{Key: "Cause", Value: value.String(*e.end.Cause)})
	}
	redrive, reason := "REDRIVABLE_BY_MAP_RUN", ""
	if e.end.Status == interp.Succeeded {
		redrive, reason = "NOT_REDRIVABLE", "Execution is SUCCEEDED and cannot be redriven"
	}
	m = append(m,
		value.Member{Key: "OutputDetails", Value: included},
		value.Member{Key: "RedriveCount", Value: value.Int(int64(e.child.redrives))},
		value.Member{Key: "RedriveStatus", Value: value.String(redrive)},
	)
	if reason != "" {
		m = append(m, value.Member{Key: "RedriveStatusReason", Value: value.String(reason)})
	}
	m = append(m,
		value.Member{Key: "StartDate", Value: date(e.child.started)},
		value.Member{Key: "StateMachineArn", Value: value.String(info.StateMachineID)},
		value.Member{Key: "Status", Value: value.String(string(e.end.Status))},
		value.Member{Key: "StopDate", Value: date(e.stopped)},
	)
	return value.Object(m...)
}

var included = value.Object(value.Member{Key: "Included", Value: value.Bool(true)})

func date(t time.Time) value.Value {
	return value.String(t.UTC().Format("2006-01-02T15:04:05.000Z"))
}

// transformed is what an entry adds to the results: a failed one its record,
// whatever the transformation, others what that makes of them.
func (e *entry) transformed(transformation string) []*value.Doc {
	switch {
	case e.end.Output == nil || transformation == "NONE":
		return []*value.Doc{value.DocOf(e.record())}
	case transformation == "FLATTEN" && e.end.Output.Value().Kind() == value.KindList:
		var docs []*value.Doc
		for _, v := range e.end.Output.Value().Items() {
			docs = append(docs, value.DocOf(v))
		}
		return docs
	}
	return []*value.Doc{e.end.Output}
}

// results keeps what children returned, in the order of the items, up to the
// limit of a result.
type results struct {
	transformation string
	parts          [][]*value.Doc // by child
	size           int
}

// transform finds the transformation of a Map state.
func (r *results) transform(d *graph.Distributed) {
	r.transformation = "COMPACT"
	if w := d.Writer; w != nil {
		switch {
		case w.Config.Transformation != "":
			r.transformation = w.Config.Transformation
		case w.Resource != "":
			r.transformation = "NONE"
		}
	}
}

func (r *results) add(e *entry) {
	docs := e.transformed(r.transformation)
	for _, d := range docs {
		r.size += d.Size() + 1
	}
	if r.size > maxData {
		r.parts = nil // the run will fail: nobody needs them
		return
	}
	for len(r.parts) <= e.child.Index {
		r.parts = append(r.parts, nil)
	}
	r.parts[e.child.Index] = docs
}

func (r *results) doc() *value.Doc {
	docs := []*value.Doc{}
	for _, part := range r.parts {
		docs = append(docs, part...)
	}
	return value.JoinDocs(docs)
}
