package child

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"time"
)

// handlers is a variable of handlers, whatever its type: what handlers.go
// registers, so that the rest builds without package runtime/task.
type handlers interface {
	keys() []string
	call(ctx context.Context, key string, info json.RawMessage, input []byte, a attempt) ([]byte, *Failure, error)
}

// attempt is what a handler can do while it runs: task.Attempt without details.
type attempt interface {
	Heartbeat() error
	Sleep(ctx context.Context, d time.Duration) error
}

// Serve answers the parent's questions until it closes the connection, and ends
// the program; it never returns. In the user's package main it is called from
// the last init function, so that main never runs.
func Serve() {
	conn, err := parent()
	if err == nil {
		os.Unsetenv(Variable) // what the handlers start is nobody's child
		err = serve(conn)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "stepsmith:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func serve(conn *Conn) error {
	// An interrupt at the terminal reaches the whole process group. The parent
	// decides what it means and closes the connection.
	signal.Notify(make(chan os.Signal, 1), os.Interrupt)
	s := server{conn: conn, cancel: make(map[int64]context.CancelFunc), sleepers: make(map[int64]chan<- struct{})}
	defer s.cancelAll()
	if err := conn.Send(Message{Kind: Ready, Version: Version}); err != nil {
		return err
	}
	for {
		m, err := conn.Receive()
		if err != nil {
			return nil // the parent has gone, in whichever way
		}
		switch m.Kind {
		case Trace:
			err = conn.Send(answerTrace(m))
		case List:
			err = conn.Send(answerList(m))
		case Call:
			s.start(m)
		case Cancel:
			s.stop(m.ID)
		case Woken:
			s.wake(m.Turn)
		}
		if err != nil {
			return err
		}
	}
}

// stack is as deep as tracing may go. Recursion without end is found sooner than
// with Go's limit of a gigabyte.
const stack = 64 << 20

func answerTrace(m Message) Message {
	defer debug.SetMaxStack(debug.SetMaxStack(stack))
	record, stable, err := trace(m.Package, m.Variable)
	a := Message{Kind: Answer, ID: m.ID, Unstable: !stable, Body: record}
	if err != nil {
		a.Problem = err.Error()
	}
	return a
}

func answerList(m Message) Message {
	a := Message{Kind: Answer, ID: m.ID}
	h, ok := registry.handlers[key{m.Package, m.Variable}]
	if !ok {
		a.Problem = fmt.Sprintf("no handlers %s in package %s", m.Variable, m.Package)
		return a
	}
	keys, err := json.Marshal(h.keys())
	if err != nil {
		a.Problem = err.Error()
	}
	a.Body = keys
	return a
}

// server is the state of the calls that are under way.
type server struct {
	conn     *Conn
	mu       sync.Mutex
	cancel   map[int64]context.CancelFunc
	turn     int64 // number of the last sleep
	sleepers map[int64]chan<- struct{}
}

// start runs a handler in a goroutine of its own.
func (s *server) start(m Message) {
	ctx, cancel := context.WithCancel(context.Background())
	s.mu.Lock()
	s.cancel[m.ID] = cancel
	s.mu.Unlock()
	go func() {
		defer s.stop(m.ID)
		if !m.Deadline.IsZero() {
			var release context.CancelFunc
			ctx, release = context.WithDeadline(ctx, m.Deadline)
			defer release()
		}
		s.conn.Send(s.call(ctx, m)) // an error means that the parent has gone; serve sees it too
	}()
}

// stop cancels a call and forgets it.
func (s *server) stop(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.cancel[id]; cancel != nil {
		cancel()
		delete(s.cancel, id)
	}
}

func (s *server) cancelAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, cancel := range s.cancel {
		cancel()
	}
}

func (s *server) call(ctx context.Context, m Message) Message {
	a := Message{Kind: Answer, ID: m.ID}
	h, ok := registry.handlers[key{m.Package, m.Variable}]
	if !ok {
		a.Problem = fmt.Sprintf("no handlers %s in package %s", m.Variable, m.Package)
		return a
	}
	output, failure, err := h.call(ctx, m.Handler, m.Info, m.Body, &running{s, m.ID, ctx})
	if err != nil {
		a.Problem = err.Error()
	}
	a.Body, a.Failure = output, failure
	return a
}

// running is a call as its handler sees it; see task.Attempt.
type running struct {
	s   *server
	id  int64
	ctx context.Context // of the call
}

func (r *running) Heartbeat() error {
	if r.ctx.Err() != nil {
		return context.Cause(r.ctx)
	}
	return r.s.conn.Send(Message{Kind: Beat, ID: r.id})
}

// Sleep sleeps by the clock of the execution, which the parent has.
func (r *running) Sleep(ctx context.Context, d time.Duration) error {
	woken := make(chan struct{}, 1)
	r.s.mu.Lock()
	r.s.turn++
	turn := r.s.turn
	r.s.sleepers[turn] = woken
	r.s.mu.Unlock()
	if err := r.s.conn.Send(Message{Kind: Sleep, ID: r.id, Turn: turn, Duration: d}); err != nil {
		return err
	}
	select {
	case <-woken:
	case <-ctx.Done():
	}
	r.s.wake(turn)
	return ctx.Err()
}

// wake ends a sleep, unless it has ended.
func (s *server) wake(turn int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if woken := s.sleepers[turn]; woken != nil {
		woken <- struct{}{}
		delete(s.sleepers, turn)
	}
}
