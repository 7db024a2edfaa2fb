package interp

import (
	"math"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/graph"
)

// matches reports whether a list of ErrorEquals covers a failure. A failure
// without a name is covered by the wildcards only.
func matches(list []string, f *failure) bool {
	name := f.name()
	for _, pattern := range list {
		switch {
		case pattern == "States.ALL":
			return true
		case pattern == "States.TaskFailed" && name != errTimeout:
			return true
		case pattern == "States.HeartbeatTimeout" && f.heartbeat:
			return true
		}
	}
	return name != "" && slices.Contains(list, name)
}

// retry arranges another attempt if a retrier covers the failure and has one
// left. The first retrier that matches decides; when it is used up, later ones
// are not asked. Every retrier counts for itself, per visit of the state.
func (x *Execution) retry(t *thread, retriers []graph.Retrier, f *failure) bool {
	i := slices.IndexFunc(retriers, func(r graph.Retrier) bool { return matches(r.ErrorEquals, f) })
	if i < 0 {
		return false
	}
	if x.visit != nil {
		return x.visit.retry(x, &retriers[i], i)
	}
	if t.retries == nil {
		t.retries = make([]int, len(retriers))
	}
	r := &retriers[i]
	if int64(t.retries[i]) >= r.MaxAttempts {
		return false
	}
	due := x.now.Add(asDuration(x.delay(r, t.retries[i])))
	t.retries[i]++
	t.attempts++
	t.phase, t.fork = retrying, nil
	t.timer = x.startThreadTimer(t, due)
	return true
}

// delay is how many seconds to wait before the retry that follows n earlier
// ones.
func (x *Execution) delay(r *graph.Retrier, n int) float64 {
	seconds := r.IntervalSeconds * math.Pow(r.BackoffRate, float64(n))
	if r.MaxDelaySeconds > 0 {
		seconds = min(seconds, r.MaxDelaySeconds)
	}
	if r.FullJitter {
		seconds *= x.random.Float64()
	}
	return seconds
}

// asDuration converts seconds and stays within what a Duration can hold.
func asDuration(seconds float64) time.Duration {
	if seconds >= math.MaxInt64/float64(time.Second) {
		return math.MaxInt64
	}
	return time.Duration(seconds * float64(time.Second))
}

// catch goes on at the first catcher that covers the failure. The state is
// left as if it had ended well, with the catcher's output. It returns what is
// not caught: the failure, or what goes wrong in the catcher itself.
func (x *Execution) catch(t *thread, catchers []graph.Catcher, f *failure) *failure {
	i := slices.IndexFunc(catchers, func(c graph.Catcher) bool { return matches(c.ErrorEquals, f) })
	if i < 0 {
		return f
	}
	if x.visit != nil {
		x.visit.result.Catcher = i
	}
	return x.leaveCaught(t, &catchers[i], f)
}
