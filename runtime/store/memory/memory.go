// Package memory is a store that keeps everything in memory and loses it with
// the process.
package memory

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// Store is a [store.Store] in memory. Make one with [New].
type Store struct {
	mu          sync.RWMutex
	closed      bool
	last        int64
	settings    map[string]string
	definitions map[int64]string
	machines    map[int64]store.Machine
	executions  map[int64]*execution
	order       map[int64][]int64 // ids of executions by machine, ascending
	names       map[name]int64
	tokens      map[string]store.Token
	waiting     []store.Token
	express     map[int64]store.ExpressStart
	mapRuns     map[string]store.MapRun // by ARN
}

type execution struct {
	store.Execution
	journal  []store.Entry
	children []int64
}

type name struct {
	machine int64
	name    string
}

// New returns an empty store.
func New() *Store {
	return &Store{
		settings: make(map[string]string), definitions: make(map[int64]string),
		machines: make(map[int64]store.Machine), executions: make(map[int64]*execution),
		order: make(map[int64][]int64), names: make(map[name]int64),
		tokens: make(map[string]store.Token), express: make(map[int64]store.ExpressStart),
		mapRuns: make(map[string]store.MapRun),
	}
}

// Submit implements [store.Store]. It calls done before it returns.
func (s *Store) Submit(b *store.Batch, done func(error)) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		done(store.ErrClosed)
		return
	}
	s.apply(b)
	s.mu.Unlock()
	done(nil)
}

func (s *Store) apply(b *store.Batch) {
	maps.Copy(s.settings, b.Settings)
	for _, d := range b.Definitions {
		s.definitions[d.ID] = d.Text
		s.last = max(s.last, d.ID)
	}
	for _, m := range b.Machines {
		s.machines[m.ID] = m
	}
	for _, x := range b.Create {
		s.executions[x.ID] = &execution{Execution: x}
		s.names[name{x.Machine, x.Name}] = x.ID
		s.insert(x.Machine, x.ID)
		s.last = max(s.last, x.ID)
		if p := s.executions[x.Parent]; p != nil {
			i, _ := slices.BinarySearch(p.children, x.ID)
			p.children = slices.Insert(p.children, i, x.ID)
		}
	}
	for _, e := range b.Entries {
		if x := s.executions[e.Execution]; x != nil { // it was not purged meanwhile
			e.Data = bytes.Clone(e.Data)
			x.journal = append(x.journal, e)
		}
	}
	for _, c := range b.Update {
		if x := s.executions[c.ID]; x != nil {
			x.Status, x.Stopped, x.Redriven, x.Redrives, x.Wake = c.Status, c.Stopped, c.Redriven, c.Redrives, c.Wake
		}
	}
	for _, t := range b.Tokens {
		s.tokens[t.Token] = t
		if t.Activity != "" {
			s.waiting = append(s.waiting, t)
		}
	}
	for _, token := range b.Taken {
		s.waiting = slices.DeleteFunc(s.waiting, func(t store.Token) bool { return t.Token == token })
	}
	for _, x := range b.Express {
		s.express[x.ID] = x
		s.last = max(s.last, x.ID)
	}
	for _, id := range b.Ended {
		delete(s.express, id)
	}
	for _, m := range b.MapRuns {
		s.mapRuns[m.ARN] = m
	}
	for _, id := range b.Purge {
		if x := s.executions[id]; x != nil && x.Status != store.Running {
			s.delete(x)
		}
	}
}

// insert keeps the order of ids; batches may come in another.
func (s *Store) insert(machine, id int64) {
	ids := s.order[machine]
	i, _ := slices.BinarySearch(ids, id)
	s.order[machine] = slices.Insert(ids, i, id)
}

// Settings implements [store.Store].
func (s *Store) Settings(context.Context) (map[string]string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return maps.Clone(s.settings), nil
}

// Machines implements [store.Store].
func (s *Store) Machines(context.Context) ([]store.Machine, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.SortedFunc(maps.Values(s.machines), func(a, b store.Machine) int { return cmp.Compare(a.ID, b.ID) }), nil
}

// Definition implements [store.Store].
func (s *Store) Definition(_ context.Context, id int64) (string, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if text, ok := s.definitions[id]; ok {
		return text, nil
	}
	return "", store.ErrNotFound
}

// LastID implements [store.Store].
func (s *Store) LastID(context.Context) (int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.last, nil
}

// Running implements [store.Store].
func (s *Store) Running(_ context.Context, machine int64) iter.Seq2[store.Execution, error] {
	s.mu.RLock()
	var running []store.Execution
	for _, id := range s.order[machine] {
		if x := s.executions[id]; x.Status == store.Running {
			running = append(running, x.Execution)
		}
	}
	s.mu.RUnlock()
	return withoutError(running)
}

func withoutError[T any](items []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
	}
}

// Execution implements [store.Store].
func (s *Store) Execution(_ context.Context, id int64) (store.Execution, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if x := s.executions[id]; x != nil {
		return x.Execution, nil
	}
	return store.Execution{}, store.ErrNotFound
}

// Named implements [store.Store].
func (s *Store) Named(_ context.Context, machine int64, n string) (store.Execution, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if id, ok := s.names[name{machine, n}]; ok {
		return s.executions[id].Execution, nil
	}
	return store.Execution{}, store.ErrNotFound
}

// List implements [store.Store].
func (s *Store) List(_ context.Context, q store.Query) ([]store.Execution, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ids := s.order[q.Machine]
	if q.Parent != 0 {
		ids = nil
		if p := s.executions[q.Parent]; p != nil {
			ids = p.children
		}
	}
	if q.Before != 0 {
		i, _ := slices.BinarySearch(ids, q.Before)
		ids = ids[:i]
	}
	var list []store.Execution
	for i := len(ids) - 1; i >= 0 && len(list) < q.Limit; i-- {
		if x := s.executions[ids[i]]; x != nil && (q.Status == store.AnyStatus || q.Status == x.Status) &&
			(q.Parent == 0 || q.ParentTask == x.ParentTask) {
			list = append(list, x.Execution)
		}
	}
	return list, nil
}

// Tally implements [store.Store].
func (s *Store) Tally(_ context.Context, parent, task int64) (map[store.Status]int64, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	tally := make(map[store.Status]int64)
	if p := s.executions[parent]; p != nil {
		for _, id := range p.children {
			if x := s.executions[id]; x != nil && x.ParentTask == task {
				tally[x.Status]++
			}
		}
	}
	return tally, nil
}

// MapRun implements [store.Store].
func (s *Store) MapRun(_ context.Context, arn string) (store.MapRun, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if m, ok := s.mapRuns[arn]; ok {
		return m, nil
	}
	return store.MapRun{}, store.ErrNotFound
}

// MapRuns implements [store.Store].
func (s *Store) MapRuns(_ context.Context, execution int64) ([]store.MapRun, error) {
	return s.chooseMapRuns(func(m store.MapRun) bool { return m.Execution == execution }), nil
}

// OpenMapRuns implements [store.Store].
func (s *Store) OpenMapRuns(_ context.Context, machine int64) ([]store.MapRun, error) {
	return s.chooseMapRuns(func(m store.MapRun) bool { return m.Open && m.Machine == machine }), nil
}

func (s *Store) chooseMapRuns(wanted func(store.MapRun) bool) []store.MapRun {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var runs []store.MapRun
	for _, m := range s.mapRuns {
		if wanted(m) {
			runs = append(runs, m)
		}
	}
	slices.SortFunc(runs, func(a, b store.MapRun) int {
		return cmp.Or(cmp.Compare(a.Execution, b.Execution), cmp.Compare(a.Run, b.Run))
	})
	return runs
}

// Journal implements [store.Store].
func (s *Store) Journal(_ context.Context, id int64) iter.Seq2[store.Entry, error] {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if x := s.executions[id]; x != nil {
		return withoutError(x.journal[:len(x.journal):len(x.journal)])
	}
	return withoutError[store.Entry](nil)
}

// Edges implements [store.Store].
func (s *Store) Edges(_ context.Context, id int64) (first, last store.Entry, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	x := s.executions[id]
	if x == nil || len(x.journal) == 0 {
		return first, last, store.ErrNotFound
	}
	return x.journal[0], x.journal[len(x.journal)-1], nil
}

// Token implements [store.Store].
func (s *Store) Token(_ context.Context, token string) (store.Token, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if t, ok := s.tokens[token]; ok {
		return t, nil
	}
	return store.Token{}, store.ErrNotFound
}

// Waiting implements [store.Store].
func (s *Store) Waiting(_ context.Context, machine int64) ([]store.Token, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var tokens []store.Token
	for _, t := range s.waiting {
		if t.Machine == machine {
			tokens = append(tokens, t)
		}
	}
	return tokens, nil
}

// ExpressStarts implements [store.Store].
func (s *Store) ExpressStarts(_ context.Context, machine int64) ([]store.ExpressStart, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var starts []store.ExpressStart
	for _, x := range s.express {
		if x.Machine == machine {
			starts = append(starts, x)
		}
	}
	slices.SortFunc(starts, func(a, b store.ExpressStart) int { return cmp.Compare(a.ID, b.ID) })
	return starts, nil
}

// Closed implements [store.Store].
func (s *Store) Closed(_ context.Context, before, after int64, limit int) (ids []int64, last int64, err error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all []int64
	for id, x := range s.executions {
		if x.Machine > 0 {
			all = append(all, id)
		}
	}
	slices.Sort(all)
	i, _ := slices.BinarySearch(all, after+1)
	all = all[i:]
	if len(all) >= limit {
		all = all[:limit]
		last = all[limit-1]
	}
	for _, id := range all {
		if x := s.executions[id]; x.Status != store.Running && x.Stopped < before {
			ids = append(ids, id)
		}
	}
	return ids, last, nil
}

func (s *Store) delete(x *execution) {
	delete(s.executions, x.ID)
	delete(s.names, name{x.Machine, x.Name})
	ids := s.order[x.Machine]
	if i, ok := slices.BinarySearch(ids, x.ID); ok {
		s.order[x.Machine] = slices.Delete(ids, i, i+1)
	}
	maps.DeleteFunc(s.tokens, func(_ string, t store.Token) bool { return t.Execution == x.ID })
	maps.DeleteFunc(s.mapRuns, func(_ string, m store.MapRun) bool { return m.Execution == x.ID })
	for _, id := range x.children {
		if child := s.executions[id]; child != nil && child.Machine < 0 {
			s.delete(child)
		}
	}
}

// Close implements [store.Store].
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}
