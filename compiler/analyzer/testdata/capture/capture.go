// Package capture assigns Go variables of the code around a nested function.
package capture

import "github.com/stepsmith-dev/stepsmith/dsl"

type Order struct {
	Total dsl.Float           `json:"total"`
	Lines dsl.List[dsl.Float] `json:"lines"`
}

type Score struct {
	Points dsl.Int `json:"points"`
}

var Rate = dsl.Lambda[Order, Score]("rate").Idempotent()

var last Score

var Arms = dsl.Standard("Arms", func(f *dsl.Flow, order Order) Score {
	score := Score{Points: dsl.V(0)}
	var rush bool
	turns := 0
	dsl.If(f, "Large?", dsl.Gt(order.Total, 100), func(f *dsl.Flow) {
		score = Rate.Call(f, order) // want `score belongs to the code around this function`
		rush = true                 // want `rush belongs to`
		turns++                     // want `turns belongs to`
		points := score.Points
		points = dsl.Add(points, 1)
		score.Points = points // want `score belongs to`
	}).Else(func(f *dsl.Flow) {
		last = score // want `last belongs to`
	})
	if rush {
		return score
	}
	return score
})

var Loops = dsl.Standard("Loops", func(f *dsl.Flow, order Order) Score {
	var scores []Score
	byName := map[string]Score{}
	p := new(Score)
	dsl.Map(f, "Lines", order.Lines, func(f *dsl.Flow, line dsl.Float) Score {
		s := Rate.Named("Rate line").Call(f, Order{Total: line, Lines: order.Lines})
		scores = append(scores, s) // want `scores belongs to`
		byName["x"] = s            // want `byName belongs to`
		*p = s                     // want `p belongs to`
		(p).Points = s.Points      // want `p belongs to`
		return s
	})
	return dsl.Repeat(f, func(f *dsl.Flow, loop *dsl.Loop[Score]) {
		s := Rate.Call(f, order)
		s, again := Rate.Named("Rate again").Call(f, order), 1
		_ = again
		for _, s = range scores {
			scores = nil // want `scores belongs to`
		}
		loop.Break(f, s)
	})
})

var Tries = dsl.Standard("Tries", func(f *dsl.Flow, order Order) Score {
	var why dsl.String
	keep := func(s dsl.String) { why = s }
	n := 0
	count := func() int { n++; return n }
	s := dsl.Try(f,
		func(f *dsl.Flow) Score { count(); return Rate.Call(f, order) },
		dsl.Catch(func(f *dsl.Flow, err dsl.Error) Score {
			keep(err.Cause) // want `keep assigns why: why belongs to`
			return dsl.Fail[Score](f, "Failed", dsl.ErrorName("Failed"), why)
		}))
	dsl.Select(order.Lines, func(line dsl.Float) dsl.Bool { // want `the result of Select is not used`
		s.Points = dsl.V(1) // want `s belongs to`
		return dsl.Gt(line, 0)
	})
	dsl.Group(f, "North", func(f *dsl.Flow) Score {
		s = Rate.Named("Rate north").Call(f, order) // a Group is only about names
		return s
	})
	return s
})

var Branches = dsl.Standard("Branches", func(f *dsl.Flow, order Order) Score {
	return dsl.Parallel(f, "Both", func(p *dsl.Fork) Score {
		var all []Score
		for range 2 {
			all = append(all, dsl.Branch(p, func(f *dsl.Flow) Score { return Rate.Call(f, order) }))
		}
		return all[0]
	})
})

// helper is a workflow function too.
func helper(f *dsl.Flow, order Order) {
	last = Rate.Call(f, order) // want `last belongs to`
}

// Outside of workflows everything is as usual.
func ordinary() (n int) {
	func() { n++ }()
	last = Score{}
	helper(nil, Order{})
	return n
}

var _ = ordinary
