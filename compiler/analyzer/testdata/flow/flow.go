// Package flow uses Flows outside their functions.
package flow

import "github.com/stepsmith-dev/stepsmith/dsl"

type Ask struct {
	At    dsl.Time   `json:"at"`
	Token dsl.String `json:"token"`
}

var Echo = dsl.Lambda[dsl.String, dsl.String]("echo").Idempotent()

var kept *dsl.Flow

type holder struct{ flow *dsl.Flow }

var Outer = dsl.Standard("Outer", func(f *dsl.Flow, s dsl.String) dsl.String {
	kept = f // want `kept keeps a Flow that is of no use after its function has returned`
	flows := make(chan *dsl.Flow, 1)
	flows <- f // want `a channel carries a Flow out of its function`
	var h holder
	dsl.If(f, "A?", dsl.Eq(s, "a"), func(g *dsl.Flow) {
		Echo.Call(f, s) // want `f is the Flow of an enclosing function`
		Echo.Named("Echo again").Call(g, s)
		h.flow = g // want `h.flow keeps a Flow`
	})
	list := dsl.Select(dsl.ListOf(s), func(s dsl.String) dsl.String {
		return Echo.Call(f, s) // want `f is the Flow of an enclosing function`
	})
	step := func(name string) dsl.String { return Echo.Named(name).Call(f, s) }
	step("One")
	go step("Two") // want `a goroutine in a workflow function runs when the workflow is compiled`
	dsl.Group(f, "North", func(g *dsl.Flow) dsl.String { return Echo.Named("Echo").Call(f, s) })
	return dsl.Parallel(f, "Both", func(p *dsl.Fork) dsl.String {
		dsl.Branch(p, func(f *dsl.Flow) dsl.String {
			return dsl.Branch(p, func(f *dsl.Flow) dsl.String { return s }) // want `p is the Flow of an enclosing function`
		})
		return dsl.At(list, 0)
	})
})
