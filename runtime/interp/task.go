package interp

import (
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// A job is the attempt at a task that a thread waits for.
type job struct {
	id      TaskID // 0: none
	started bool
	// timeout and heartbeat are the running timers, limit and pulse what they
	// were set to, in seconds.
	timeout, heartbeat TimerID
	limit, pulse       int64
}

// schedule makes one attempt at a task: the input, the times and the role are
// evaluated anew each time.
func (x *Execution) schedule(t *thread, s *graph.Task) *failure {
	if s.Resource.Kind == graph.Activity && !t.found {
		x.ask(t, s)
		return nil
	}
	t.found = false
	if s.Resource.Kind == graph.Activity || s.Resource.Pattern == graph.Callback {
		t.token = x.random.token()
	}
	input, f := x.effectiveInput(t, &s.Base, s.Arguments)
	if f != nil {
		return f
	}
	if input.Size() > maxData {
		return tooLarge(s.Name)
	}
	if f := checkParameters(t, &s.Resource, input); f != nil {
		return f
	}
	var limit, pulse int64
	role := ""
	if s.Timeout != nil || s.Heartbeat != nil || s.Credentials != nil {
		if limit, pulse, role, f = x.conditions(t, s); f != nil {
			return f
		}
	}
	id := x.follow(t, scheduledType(s.Resource.Kind), x.scheduled(s, input, limit, pulse, role))
	if id == 0 {
		return nil
	}
	t.job = job{id: TaskID(id), limit: limit, pulse: pulse}
	t.phase = working
	x.live.tasks.Set(t.job.id, t)
	x.command(&InvokeTask{
		Task: t.job.id, State: s.Name, Resource: &s.Resource, Parameters: input, Visit: t.entered, Attempt: t.attempts,
		Timeout: seconds(limit), Heartbeat: seconds(pulse), Token: t.token, RoleARN: role, Path: t.path(),
	})
	return nil
}

// conditions evaluates the times and the role of a task.
func (x *Execution) conditions(t *thread, s *graph.Task) (limit, pulse int64, role string, f *failure) {
	effective, f := x.inputPath(t, s.InputPath)
	if f != nil {
		return 0, 0, "", f
	}
	if limit, f = x.evalSeconds(t, s.Timeout, effective); f != nil {
		return 0, 0, "", f
	}
	if pulse, f = x.evalSeconds(t, s.Heartbeat, effective); f != nil {
		return 0, 0, "", f
	}
	if s.Credentials == nil {
		return limit, pulse, "", nil
	}
	credentials, f := x.evalDoc(t, s.Credentials, graph.View{Input: effective})
	if f != nil {
		return 0, 0, "", f
	}
	role, _ = credentials.Value().Get("RoleArn").Str()
	return limit, pulse, role, nil
}

// evalSeconds evaluates TimeoutSeconds or HeartbeatSeconds; nil is 0.
func (x *Execution) evalSeconds(t *thread, field *graph.Scalar, input *value.Doc) (int64, *failure) {
	if field == nil {
		return 0, nil
	}
	v, err := field.Eval(x.look(t, graph.View{Input: input}))
	if err != nil {
		return 0, x.wrong(t, err)
	}
	number, ok := v.Float()
	switch {
	case !ok && field.Path == "":
		return 0, x.unexpected(t, field, v, "number")
	case !ok || number < 1:
		return 0, runtimeError(t, "The %s parameter does not reference a positive integer: %s == %s", field.Field, field.Path, plain(v))
	case number > maxSeconds:
		return 0, runtimeError(t, "The %s parameter is greater than %d: %s", field.Field, int64(maxSeconds), plain(v))
	}
	return int64(number), nil
}

// maxSeconds is the largest time that a task may have.
const maxSeconds = 99999999

func scheduledType(k graph.Kind) history.Type {
	switch k {
	case graph.Lambda:
		return history.LambdaFunctionScheduled
	case graph.Activity:
		return history.ActivityScheduled
	}
	return history.TaskScheduled
}

func (x *Execution) scheduled(s *graph.Task, input *value.Doc, limit, pulse int64, role string) history.Details {
	switch s.Resource.Kind {
	case graph.Lambda:
		pulse = 0
		fallthrough
	case graph.Activity:
		return x.details().invocation(history.Invocation{
			Resource: s.Resource.ARN, Input: input, Timeout: limit, Heartbeat: pulse, CredentialsRoleARN: role,
		})
	}
	return x.details().scheduled(history.Scheduled{
		ResourceType: s.Resource.Type, Resource: s.Resource.Name, Region: x.info.Region,
		Parameters: input, Timeout: limit, Heartbeat: pulse, CredentialsRoleARN: role,
	})
}

// task finds the thread that waits for a task, and the resource.
func (x *Execution) task(id TaskID) (*thread, *graph.Resource) {
	if t := x.live.tasks.Get(id); t != nil {
		if s, ok := t.state.(*graph.Task); ok {
			return t, &s.Resource
		}
	}
	return nil, nil
}

func (x *Execution) taskStarted(e *TaskStarted) error {
	t, r := x.task(e.Task)
	if t == nil || t.job.started {
		return ErrNotPending
	}
	x.begin(t, r, e.Worker)
	return nil
}

// begin records that the work on a task has begun. Its time counts from here;
// the heartbeat of a callback counts from the submission.
func (x *Execution) begin(t *thread, r *graph.Resource, worker string) {
	t.job.started = true
	switch r.Kind {
	case graph.Lambda:
		x.follow(t, history.LambdaFunctionStarted, nil)
	case graph.Activity:
		x.follow(t, history.ActivityStarted, &history.Worker{Name: worker})
	default:
		x.follow(t, history.TaskStarted, x.details().task(r))
	}
	if t.job.limit > 0 && x.running() {
		t.job.timeout = x.startThreadTimer(t, x.now.Add(seconds(t.job.limit)))
	}
	if r.Kind == graph.Activity {
		x.beat(t)
	}
}

// beat starts the heartbeat clock anew.
func (x *Execution) beat(t *thread) {
	if t.job.pulse > 0 && x.running() {
		x.dropTimer(&t.job.heartbeat)
		t.job.heartbeat = x.startThreadTimer(t, x.now.Add(seconds(t.job.pulse)))
	}
}

func (x *Execution) taskSubmitted(e *TaskSubmitted) error {
	t, r := x.task(e.Task)
	if t == nil || r.Pattern == graph.RequestResponse {
		return ErrNotPending
	}
	if !t.job.started {
		x.begin(t, r, "")
	}
	x.follow(t, history.TaskSubmitted, &history.TaskOutput{ResourceType: r.Type, Resource: r.Name, Output: e.Output})
	x.beat(t)
	return nil
}

func (x *Execution) taskHeartbeat(e *TaskHeartbeat) error {
	t, _ := x.task(e.Task)
	if t == nil {
		return ErrNotPending
	}
	if t.job.heartbeat != 0 {
		x.beat(t)
	}
	return nil
}

func (x *Execution) taskSucceeded(e *TaskSucceeded) error {
	t, r := x.task(e.Task)
	if t == nil {
		return ErrNotPending
	}
	output := e.Output
	if output == nil {
		output = value.DocOf(value.Null())
	}
	if output.Size() > maxData {
		x.fail(t, r, tooLarge(resultName(r)))
		return nil
	}
	if !t.job.started {
		x.begin(t, r, "")
	}
	switch r.Kind {
	case graph.Lambda:
		x.follow(t, history.LambdaFunctionSucceeded, x.details().output(output))
	case graph.Activity:
		x.follow(t, history.ActivitySucceeded, x.details().output(output))
	default:
		x.follow(t, history.TaskSucceeded, x.details().result(r, output))
	}
	t.reply = output
	x.settle(t)
	return nil
}

// resultName is how AWS names the origin of a result that is too large.
func resultName(r *graph.Resource) string {
	if r.Kind == graph.Service {
		return r.Type
	}
	return r.ARN
}

func (x *Execution) taskFailed(e *TaskFailed) error {
	t, r := x.task(e.Task)
	if t == nil {
		return ErrNotPending
	}
	x.fail(t, r, &failure{err: e.Error, cause: e.Cause, fatal: e.Error != nil && *e.Error == errRuntime})
	return nil
}

// fail records the failure of a task.
func (x *Execution) fail(t *thread, r *graph.Resource, f *failure) {
	if !t.job.started {
		x.begin(t, r, "")
	}
	switch r.Kind {
	case graph.Lambda:
		x.follow(t, history.LambdaFunctionFailed, f.details())
	case graph.Activity:
		x.follow(t, history.ActivityFailed, f.details())
	default:
		x.follow(t, history.TaskFailed, &history.TaskFailure{ResourceType: r.Type, Resource: r.Name, Error: f.err, Cause: f.cause})
	}
	t.fault = f
	x.settle(t)
}

// taskTimedOut records that a task has taken too long or has been silent for
// too long. AWS calls both States.Timeout.
func (x *Execution) taskTimedOut(t *thread, heartbeat bool) {
	r := &t.state.(*graph.Task).Resource
	f := &failure{err: history.Ref(errTimeout), heartbeat: heartbeat}
	switch r.Kind {
	case graph.Lambda:
		x.follow(t, history.LambdaFunctionTimedOut, f.details())
	case graph.Activity:
		x.follow(t, history.ActivityTimedOut, f.details())
	default:
		x.follow(t, history.TaskTimedOut, &history.TaskFailure{ResourceType: r.Type, Resource: r.Name, Error: f.err})
	}
	t.fault = f
	x.command(&CancelTask{Task: t.job.id})
	x.settle(t)
}

// settle ends the wait for a task or a map run.
func (x *Execution) settle(t *thread) {
	x.live.tasks.Remove(t.job.id)
	x.dropTimer(&t.job.timeout)
	x.dropTimer(&t.job.heartbeat)
	t.job = job{}
	t.phase = answered
	x.ready.push(t)
}

// dropJob takes back the task or the map run that a thread waits for.
func (x *Execution) dropJob(t *thread) {
	if t.job.id == 0 {
		return
	}
	x.live.tasks.Remove(t.job.id)
	if _, ok := t.state.(*graph.Map); ok {
		x.command(&StopMapRun{Run: RunID(t.job.id)})
	} else {
		x.command(&CancelTask{Task: t.job.id})
	}
	x.dropTimer(&t.job.timeout)
	x.dropTimer(&t.job.heartbeat)
	t.job = job{}
}
