package breaker

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/breaker/breakertask"
)

// Tasks keeps circuits in memory and calls services that always fail.
var Tasks = newTable(3, time.Minute).tasks(func(context.Context, breakertask.Request) (breakertask.Response, error) {
	return breakertask.Response{}, errors.New("connection refused")
})

// A table counts failures by service. After limit of them, a service's circuit
// is open for a while.
type table struct {
	limit int
	open  time.Duration

	mu       sync.Mutex
	failures map[string][]time.Time
}

func newTable(limit int, open time.Duration) *table {
	return &table{limit: limit, open: open, failures: make(map[string][]time.Time)}
}

func (t *table) tasks(send func(context.Context, breakertask.Request) (breakertask.Response, error)) breakertask.Tasks {
	return breakertask.Tasks{Look: t.look, Send: send, Count: t.count, Close: t.forget}
}

func (t *table) look(_ context.Context, s breakertask.Service) (breakertask.Circuit, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	failures := t.failures[s.Name]
	if len(failures) < t.limit {
		return breakertask.Circuit{}, nil
	}
	until := failures[len(failures)-1].Add(t.open)
	return breakertask.Circuit{OpenUntil: &until}, nil
}

func (t *table) count(_ context.Context, f breakertask.Failure) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failures[f.Service] = append(t.failures[f.Service], f.At)
	return nil
}

func (t *table) forget(_ context.Context, s breakertask.Service) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.failures, s.Name)
	return nil
}
