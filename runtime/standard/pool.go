package standard

import "sync"

// A pool bounds how many handlers run at the same time for each resource. Those
// that have to wait are served execution by execution in turn, so that one with
// many tasks does not keep the others waiting. The children of a map run have one
// turn together, with the execution that they belong to.
type pool struct {
	limit     int
	mu        sync.Mutex
	closed    bool
	resources map[string]*resource
}

type resource struct {
	busy    int
	waiting map[int64][]*attempt // by whose turn it is
	turn    []int64              // executions that wait, the next first
}

func newPool(limit int) *pool { return &pool{limit: limit, resources: make(map[string]*resource)} }

// acquire takes a place for an attempt, or puts it into the queue.
func (p *pool) acquire(a *attempt) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.resources[a.resource]
	if r == nil {
		r = &resource{waiting: make(map[int64][]*attempt)}
		p.resources[a.resource] = r
	}
	if r.busy < p.limit && !p.closed {
		r.busy++
		return true
	}
	turn := a.run.turn()
	if len(r.waiting[turn]) == 0 {
		r.turn = append(r.turn, turn)
	}
	r.waiting[turn] = append(r.waiting[turn], a)
	return false
}

// turn is the execution whose turn it has to be.
func (r *run) turn() int64 {
	if r.row.Machine < 0 {
		return r.row.Parent
	}
	return r.row.ID
}

// release gives a place back. It returns the attempt that has it now, nil when
// nobody waits.
func (p *pool) release(name string) *attempt {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.resources[name]
	if len(r.turn) == 0 || p.closed {
		r.busy--
		if r.busy == 0 && len(r.turn) == 0 {
			delete(p.resources, name)
		}
		return nil
	}
	next := r.turn[0]
	r.turn = r.turn[1:]
	a := r.waiting[next][0]
	if rest := r.waiting[next][1:]; len(rest) > 0 {
		r.waiting[next] = rest
		r.turn = append(r.turn, next)
	} else {
		delete(r.waiting, next)
	}
	return a
}

// close lets nobody in any more.
func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}
