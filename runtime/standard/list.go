package standard

import (
	"context"
	"encoding/json"
	"math"

	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/store"
)

// A Query chooses executions for a list.
type Query struct {
	Machine string        // name or ARN
	MapRun  string        // ARN: its children, in place of a machine's executions
	Status  interp.Status // empty for all; PendingRedrive of children only
	// Redriven chooses by whether they have been redriven; of children only.
	Redriven RedriveFilter
	// Next continues a list after a page; empty begins with the newest.
	Next string
	// Limit is the size of a page: 1 to 1,000; 0 is 100.
	Limit int
}

// A RedriveFilter chooses executions; the empty one chooses all.
type RedriveFilter string

// The redrive filters, as ListExecutions spells them.
const (
	Redriven    RedriveFilter = "REDRIVEN"
	NotRedriven RedriveFilter = "NOT_REDRIVEN"
)

// A Page is a part of a list.
type Page struct {
	Executions []*Description
	Next       string // of the query for the next page; empty when there is none
}

// List lists executions, the newest first; Express children of map runs, which
// have no place in that order before they have ended, come before the others.
func (e *Engine) List(ctx context.Context, q Query) (*Page, error) {
	if q.Limit == 0 {
		q.Limit = 100
	}
	if err := q.check(); err != nil {
		return nil, err
	}
	before, err := parseNext(q.Next)
	if err != nil {
		return nil, err
	}
	if q.MapRun != "" {
		return e.listChildren(ctx, q, before)
	}
	m, _, err := e.find(q.Machine)
	if err != nil {
		return nil, err
	}
	of := store.Query{Machine: m.id, Status: store.AnyStatus, Before: before}
	if q.Status != "" {
		of.Status = statusOf(q.Status)
	}
	p := new(Page)
	return p, e.list(ctx, q, of, p, e.summary)
}

func (q *Query) check() error {
	switch {
	case q.Limit < 0 || q.Limit > 1000:
		return refuse(ErrValidation, "1 validation error detected: Value '%d' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000", q.Limit)
	case q.MapRun != "" && q.Machine != "":
		return refuse(ErrValidation, "Only one of 'stateMachineArn' and 'mapRunArn' can be given")
	case q.Status != "" && q.Status != PendingRedrive && statusOf(q.Status) == store.AnyStatus:
		return refuse(ErrValidation, "there is no status %q", q.Status)
	case q.Redriven != "" && q.Redriven != Redriven && q.Redriven != NotRedriven:
		return refuse(ErrValidation, "there is no redrive filter %q", q.Redriven)
	case q.MapRun == "" && q.Status == PendingRedrive:
		return refuse(ErrValidation, "The status PENDING_REDRIVE is for the children of a map run: give 'mapRunArn'")
	case q.MapRun == "" && q.Redriven != "":
		return refuse(ErrValidation, "A redrive filter is for the children of a map run: give 'mapRunArn'")
	}
	return nil
}

// list fills a page with what the store has and the query chooses.
func (e *Engine) list(ctx context.Context, q Query, of store.Query, p *Page, describe func(*store.Execution) *Description) error {
	of.Limit = q.Limit + 1
	last := of.Before
	for {
		rows, err := e.store.List(ctx, of)
		if err != nil {
			return err
		}
		for i := range rows {
			of.Before = rows[i].ID
			d := describe(&rows[i])
			if !q.chooses(d) {
				continue
			}
			if len(p.Executions) == q.Limit {
				p.Next = next(last)
				return nil
			}
			p.Executions = append(p.Executions, d)
			last = rows[i].ID
		}
		if len(rows) < of.Limit {
			return nil
		}
	}
}

func (q *Query) chooses(d *Description) bool {
	return (q.Status == "" || d.Status == q.Status) && (q.Redriven == "" || (d.RedriveCount > 0) == (q.Redriven == Redriven))
}

// listChildren lists the children of a map run. Express children that run are not
// in the store yet: they have the ids below 0 in the tokens of pages.
func (e *Engine) listChildren(ctx context.Context, q Query, before int64) (*Page, error) {
	row, err := e.mapRun(ctx, q.MapRun)
	if err != nil {
		return nil, err
	}
	var facts mapFacts
	if err := json.Unmarshal(row.Data, &facts); err != nil {
		return nil, err
	}
	all, p := &children{row, &facts, e.liveMapRun(row, &facts)}, new(Page)
	if before <= 0 {
		for _, c := range all.running(-before) {
			d := c.describe(row.ARN)
			if !q.chooses(d) {
				continue
			}
			if len(p.Executions) == q.Limit {
				p.Next = next(-int64(c.child.Index + 1)) // with this one
				return p, nil
			}
			p.Executions = append(p.Executions, d)
		}
		before = math.MaxInt64
	}
	of := store.Query{Parent: row.Execution, ParentTask: int64(facts.Origin), Status: store.AnyStatus, Before: before}
	return p, e.list(ctx, q, of, p, func(x *store.Execution) *Description {
		d := e.summary(x)
		all.complete(d, x)
		return d
	})
}
