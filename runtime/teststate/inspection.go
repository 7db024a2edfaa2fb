package teststate

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// shown are the stages that AWS shows, by type of state. JSONata has no paths.
var (
	ofTask     = []interp.Stage{interp.AfterInputPath, interp.AfterParameters, interp.AfterArguments, interp.RawResult, interp.AfterResultSelector, interp.AfterResultPath}
	ofPass     = []interp.Stage{interp.AfterInputPath, interp.AfterParameters, interp.AfterResultSelector, interp.AfterResultPath}
	ofResult   = []interp.Stage{interp.RawResult, interp.AfterResultSelector, interp.AfterResultPath} // a Pass with Result
	ofParallel = []interp.Stage{interp.AfterResultSelector, interp.AfterResultPath}
	ofMap      = []interp.Stage{interp.AfterInputPath, interp.AfterItemsPath, interp.AfterResultSelector, interp.AfterResultPath,
		interp.Concurrency, interp.ToleratedCount, interp.ToleratedPercentage}
	ofOthers = []interp.Stage{interp.AfterInputPath}
)

func shown(s graph.State) []interp.Stage {
	switch s := s.(type) {
	case *graph.Task:
		return ofTask
	case *graph.Pass:
		if s.JSONata {
			return nil
		}
		if s.Literal != nil {
			return ofResult
		}
		return ofPass
	case *graph.Parallel:
		return ofParallel
	case *graph.Map:
		return ofMap
	}
	return ofOthers
}

// newInspector returns what takes in the stages of a state.
func newInspector(s graph.State, input *value.Doc) *inspector {
	text := input.Text()
	i := &inspector{data: &Inspection{Input: &text}}
	stages := shown(s)
	i.visible = func(stage interp.Stage) bool { return slices.Contains(stages, stage) }
	if fail, ok := s.(*graph.Fail); ok && !fail.JSONata { // it has no InputPath, but AWS shows one
		i.data.AfterInputPath = &text
	}
	return i
}

// finish adds what the end of a visit tells.
func (i *inspector) finish(v *interp.Visited) {
	if len(v.Variables) > 0 {
		members := make([]value.Member, len(v.Variables))
		for k, variable := range v.Variables {
			members[k] = value.Member{Key: variable.Name, Value: variable.Value.Value()}
		}
		text := value.Object(members...).String()
		i.data.Variables = &text
	}
	if v.Retrier < 0 && v.Catcher < 0 {
		return
	}
	d := &ErrorDetails{}
	if v.Catcher >= 0 {
		d.CatchIndex = &v.Catcher
	}
	if v.Retrier >= 0 {
		d.RetryIndex = &v.Retrier
	}
	if v.Retry {
		seconds := int64(v.Delay)
		d.RetryBackoffIntervalSeconds = &seconds
	}
	i.data.ErrorDetails = d
}
