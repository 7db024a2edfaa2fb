package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/load/child"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A Program is a running program made of the user's packages. Its methods may be
// called by several goroutines at a time. It must be closed.
type Program struct {
	pkgs   []*Package
	dir    string // temporary files
	cmd    *exec.Cmd
	output *watch
	conn   *child.Conn
	close  func() error // closes the connection, which ends the program
	ready  chan struct{}
	done   chan struct{} // closed when the program has ended
	err    error         // how; set before done is closed

	mu      sync.Mutex
	closing bool
	last    int64
	waiting map[int64]question
}

// A question waits for its answer.
type question struct {
	answer chan<- child.Message
	call   Call // the zero Call unless it is one
}

// Start builds and starts a program that evaluates the package's workflows and
// runs its handlers, and returns when the package is initialized. Cancelling ctx
// kills the program, also later.
//
// The error is a [*BuildError] when the package does not compile together with
// its virtual file, and a [*CrashError] when its initialization fails.
func (l *Loader) Start(ctx context.Context, pkg *Package) (*Program, error) {
	return l.start(ctx, planFor([]*Package{pkg})[0])
}

func (l *Loader) start(ctx context.Context, g *plan) (*Program, error) {
	dir, err := os.MkdirTemp("", "stepsmith-")
	if err != nil {
		return nil, err
	}
	p := &Program{
		pkgs: g.pkgs, dir: dir, waiting: make(map[int64]question),
		ready: make(chan struct{}), done: make(chan struct{}),
	}
	executable, err := l.buildPlan(ctx, g, dir)
	if err == nil {
		err = p.exec(ctx, l, executable)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	select {
	case <-p.ready:
		return p, nil
	case <-p.done:
		return nil, errors.Join(p.err, p.Close())
	}
}

// buildPlan builds the program in a temporary folder.
func (l *Loader) buildPlan(ctx context.Context, g *plan, dir string) (string, error) {
	files, err := g.files()
	if err != nil {
		return "", err
	}
	maps.Copy(files, l.Overlay)
	overlay, err := writeOverlay(dir, files)
	if err != nil {
		return "", err
	}
	executable := filepath.Join(dir, "program")
	if runtime.GOOS == "windows" {
		executable += ".exe"
	}
	return executable, l.build(ctx, executable, []string{"-overlay=" + overlay}, g.target())
}

// grace is how long a program may take to end after its connection was closed.
const grace = 2 * time.Second

// exec starts the executable and the goroutine that reads its answers.
func (p *Program) exec(ctx context.Context, l *Loader, executable string) error {
	p.output = &watch{to: l.Stderr}
	if l.Stderr == nil {
		p.output.to = io.Discard
	}
	p.cmd = exec.CommandContext(ctx, executable)
	p.cmd.Dir = l.Dir
	p.cmd.Env = l.Env
	p.cmd.Stdout, p.cmd.Stderr = p.output, p.output
	p.cmd.WaitDelay = grace
	ends, err := connect(p.cmd)
	if err != nil {
		return err
	}
	err = p.cmd.Start()
	ends.started()
	if err != nil {
		ends.close()
		return err
	}
	p.conn, p.close = child.NewConn(ends.answers, ends.questions), ends.questions.Close
	go func() {
		p.receive(ctx)
		ends.close()
		close(p.done)
	}()
	return nil
}

// receive hands answers to those who wait for them, until the program ends.
func (p *Program) receive(ctx context.Context) {
	for {
		m, err := p.conn.Receive()
		if err != nil {
			break
		}
		if m.Kind == child.Ready {
			close(p.ready)
			continue
		}
		p.mu.Lock()
		q := p.waiting[m.ID]
		if m.Kind == child.Answer {
			delete(p.waiting, m.ID)
		}
		p.mu.Unlock()
		switch {
		case m.Kind == child.Answer && q.answer != nil:
			q.answer <- m
		case m.Kind == child.Beat && q.call.Heartbeat != nil:
			q.call.Heartbeat()
		case m.Kind == child.Sleep && q.call.Sleep != nil:
			go func() {
				q.call.Sleep(m.Duration)
				p.conn.Send(child.Message{Kind: child.Woken, ID: m.ID, Turn: m.Turn}) // if the program has ended, nobody sleeps
			}()
		}
	}
	p.close() // a program that closed its end of the connection but goes on shall end
	err := p.cmd.Wait()
	trace := p.output.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		p.err = context.Cause(ctx)
	case p.closing:
		p.err = errors.New("the program was closed")
	default:
		status := p.cmd.ProcessState.String()
		if p.cmd.ProcessState == nil {
			status = err.Error()
		}
		p.err = newCrash(trace, status, p.pkgs)
	}
}

// Close ends the program and removes its temporary files. Calls under way fail.
func (p *Program) Close() error {
	p.mu.Lock()
	p.closing = true
	p.mu.Unlock()
	p.close()
	select {
	case <-p.done:
	case <-time.After(grace):
		p.cmd.Process.Kill()
		<-p.done
	}
	return os.RemoveAll(p.dir)
}

// ask sends a question and waits for its answer.
func (p *Program) ask(ctx context.Context, m child.Message, call Call) (child.Message, error) {
	answer := make(chan child.Message, 1)
	p.mu.Lock()
	p.last++
	m.ID = p.last
	p.waiting[m.ID] = question{answer, call}
	p.mu.Unlock()
	if err := p.conn.Send(m); err != nil {
		<-p.done // the pipe is broken: the program has ended, and done says why
		return child.Message{}, p.err
	}
	select {
	case a := <-answer:
		return a, nil
	case <-p.done:
		return child.Message{}, p.err
	case <-ctx.Done():
		p.mu.Lock()
		delete(p.waiting, m.ID)
		p.mu.Unlock()
		p.conn.Send(child.Message{Kind: child.Cancel, ID: m.ID}) // if the program has ended, there is nothing to cancel
		return child.Message{}, context.Cause(ctx)
	}
}

// trace evaluates a workflow of a package of the program's.
func (p *Program) trace(ctx context.Context, pkg *Package, w *Workflow) (*spec.Workflow, error) {
	a, err := p.ask(ctx, child.Message{Kind: child.Trace, Package: pkg.Path, Variable: w.Name}, Call{})
	if err != nil {
		return nil, err
	}
	if a.Problem != "" {
		return nil, &TraceError{Workflow: w, Message: a.Problem}
	}
	traced := new(spec.Workflow)
	if err := json.Unmarshal(a.Body, traced); err != nil {
		return nil, &TraceError{Workflow: w, Message: err.Error()}
	}
	if a.Unstable {
		traced.Problems = append(traced.Problems, spec.Problem{
			Code: "UNSTABLE_TRACE", Pos: traced.Pos,
			Message: fmt.Sprintf("the workflow %q comes out differently each time it is traced", traced.Name),
			Fix:     "do not range over a map or use time, randomness or changing variables in the workflow function",
		})
	}
	return traced, nil
}

// Handlers returns the names that the handlers in a variable of type
// task.Handlers answer to, sorted.
func (p *Program) Handlers(ctx context.Context, pkg *Package, variable string) ([]string, error) {
	a, err := p.ask(ctx, child.Message{Kind: child.List, Package: pkg.Path, Variable: variable}, Call{})
	if err != nil {
		return nil, err
	}
	if a.Problem != "" {
		return nil, errors.New(a.Problem)
	}
	var names []string
	err = json.Unmarshal(a.Body, &names)
	return names, err
}

// A Call is one call of a handler.
type Call struct {
	Package  *Package
	Variable string          // that implements task.Worker
	Handler  string          // one of the names that it answers to
	Info     json.RawMessage // the task.Details that the handler sees; may be empty
	Input    json.RawMessage

	// Heartbeat is called each time the handler shows that it is alive, and must
	// return soon. Nil is nobody who listens.
	Heartbeat func()
	// Sleep returns after a time by the clock of the execution, or when the call
	// is over. A handler that uses task.Sleep needs it.
	Sleep func(time.Duration)
}

// A TaskError is how a handler failed: the name and cause that the workflow
// sees.
type TaskError struct{ Name, Cause string }

// Error returns the name and the cause.
func (e *TaskError) Error() string { return e.Name + ": " + e.Cause }

// Call runs a handler and returns its output as it is. The deadline and the
// cancellation of ctx reach the handler; Call does not wait for a handler that
// does not heed them. The error is a [*TaskError] when the handler failed and a
// [*CrashError] when the program did.
func (p *Program) Call(ctx context.Context, c Call) (json.RawMessage, error) {
	m := child.Message{
		Kind: child.Call, Package: c.Package.Path, Variable: c.Variable, Handler: c.Handler,
		Info: c.Info, Body: c.Input,
	}
	m.Deadline, _ = ctx.Deadline()
	a, err := p.ask(ctx, m, c)
	switch {
	case err != nil:
		return nil, err
	case a.Problem != "":
		return nil, fmt.Errorf("handler %q: %s", c.Handler, a.Problem)
	case a.Failure != nil:
		return nil, &TaskError{Name: a.Failure.Name, Cause: a.Failure.Cause}
	}
	return a.Body, nil
}
