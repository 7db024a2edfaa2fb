package report

import (
	"fmt"
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// maxExpress is how many seconds an Express execution may take.
const maxExpress = 300

// Fitness says whether a definition fits Express workflows.
type Fitness struct {
	Verdict Verdict `json:"verdict"`
	// Seconds is how long an execution takes by its waits, and by the timeouts
	// and the retries of its tasks; Infinite where something has no bound.
	Seconds Span `json:"seconds"`
	// Forbidden is what Express does not have.
	Forbidden []string `json:"forbidden"`
	// Unbounded is why there is no bound.
	Unbounded []string `json:"unbounded"`
}

// A Verdict says whether something fits.
type Verdict string

// The verdicts.
const (
	Fits    Verdict = "FITS"     // whatever happens
	MayFit  Verdict = "MAY_FIT"  // depends on what tasks and data do
	Too     Verdict = "TOO_LONG" // waits for more than five minutes on every path
	FitsNot Verdict = "FITS_NOT" // uses what Express does not have
)

func (a *analysis) fitness() Fitness {
	f := Fitness{Seconds: a.flow(a.graph.Root, a.seconds).rounded(), Forbidden: []string{}, Unbounded: []string{}}
	for _, s := range a.graph.States {
		switch s := s.(type) {
		case *graph.Task:
			switch {
			case s.Resource.Kind == graph.Activity:
				f.Forbidden = append(f.Forbidden, fmt.Sprintf("state %q waits for an activity", s.Name))
			case s.Resource.Pattern == graph.Callback:
				f.Forbidden = append(f.Forbidden, fmt.Sprintf("state %q waits for a task token", s.Name))
			case s.Resource.Pattern != graph.RequestResponse:
				f.Forbidden = append(f.Forbidden, fmt.Sprintf("state %q waits for a job (.sync)", s.Name))
			case literal(s.Timeout) == nil:
				f.Unbounded = append(f.Unbounded, fmt.Sprintf("task %q has no fixed timeout", s.Name))
			}
		case *graph.Map:
			if s.Distributed != nil {
				f.Forbidden = append(f.Forbidden, fmt.Sprintf("state %q is a distributed Map", s.Name))
			}
		case *graph.Wait:
			if literal(s.Seconds) == nil {
				f.Unbounded = append(f.Unbounded, fmt.Sprintf("how long %q waits depends on data", s.Name))
			}
		}
	}
	for _, l := range a.loops() {
		f.Unbounded = append(f.Unbounded, fmt.Sprintf("states %s are a loop", quoted(l.States)))
	}
	switch {
	case len(f.Forbidden) > 0:
		f.Verdict = FitsNot
	case f.Seconds.Least > maxExpress:
		f.Verdict = Too
	case !f.Seconds.Infinite && f.Seconds.Most <= maxExpress:
		f.Verdict = Fits
	default:
		f.Verdict = MayFit
	}
	return f
}

// literal returns a number that is written in the definition, nil for others.
func literal(field *graph.Scalar) *float64 {
	if field == nil {
		return nil
	}
	n, ok := field.Literal().Float()
	if !ok {
		return nil
	}
	return &n
}

// seconds is how long a state takes: what it waits for, and at most the timeout
// of every attempt with the delays between.
func (a *analysis) seconds(s graph.State) Span {
	var own Span
	switch s := s.(type) {
	case *graph.Wait:
		if n := literal(s.Seconds); n != nil {
			return Span{*n, *n, false}
		}
		return Span{0, 0, true}
	case *graph.Task:
		if n := literal(s.Timeout); n != nil {
			own = Span{0, *n, false}
		} else {
			own = Span{0, 0, true}
		}
	case *graph.Parallel:
		for _, b := range s.Branches { // they run at the same time
			inner := a.flow(b, a.seconds)
			own = Span{math.Max(own.Least, inner.Least), math.Max(own.Most, inner.Most), own.Infinite || inner.Infinite}
		}
	case *graph.Map:
		inner := a.flow(s.Processor, a.seconds)
		own = Span{inner.Least, inner.Most * math.Ceil(float64(a.Items)/a.atOnce(s)), inner.Infinite}
	default:
		return own
	}
	total := own
	for _, r := range graph.HandlersOf(s).Retry {
		for n := range min(r.MaxAttempts, maxEvents) {
			delay := r.IntervalSeconds * math.Pow(r.BackoffRate, float64(n))
			if r.MaxDelaySeconds > 0 {
				delay = math.Min(delay, r.MaxDelaySeconds)
			}
			total.Most += own.Most + delay
		}
	}
	return total
}

// atOnce is how many iterations of a Map state run at the same time.
func (a *analysis) atOnce(s *graph.Map) float64 {
	most := 40.0
	if s.Distributed != nil {
		most = 10000
	}
	if n := literal(s.MaxConcurrency); n != nil && *n > 0 {
		most = math.Min(most, *n)
	}
	return most
}
