// Package unused drops results.
package unused

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

var Echo = dsl.Lambda[dsl.String, dsl.String]("echo").Idempotent()

func init() {
	Echo.Retry(dsl.On().Max(3)) // want `Retry changes nothing: it returns a changed copy`
}

var Drops = dsl.Standard("Drops", func(f *dsl.Flow, s dsl.String) dsl.String {
	dsl.Switch[dsl.String](f, "A?").Case(dsl.Eq(s, "a"), func(f *dsl.Flow) dsl.String { return s }) // want `this Switch has no Default`
	dsl.Switch[dsl.String](f, "B?")                                                                 // want `this Switch has no Default`
	Echo.Named("x")                                                                                 // want `Named changes nothing`
	dsl.On().Every(time.Second)                                                                     // want `Every changes nothing`
	dsl.Upper(s)                                                                                    // want `the result of Upper is not used, and it has no other effect`
	dsl.Now(f)                                                                                      // want `the result of Now is not used`
	n := dsl.Var(f, "n", dsl.V(1))
	n.Get() // want `the result of Get is not used`
	n.Set(f, dsl.V(2))

	// These are all right.
	Echo.Call(f, s)
	dsl.If(f, "C?", dsl.Eq(s, "c"), func(f *dsl.Flow) {}).ElseIf(dsl.Eq(s, "d"), func(f *dsl.Flow) {})
	dsl.Switch[dsl.None](f, "D?").
		Case(dsl.Eq(s, "a"), func(f *dsl.Flow) dsl.None { return dsl.None{} }).
		Default(func(f *dsl.Flow) dsl.None { return dsl.None{} })
	dsl.Try(f, func(f *dsl.Flow) dsl.String { return Echo.Named("y").Call(f, s) }, dsl.Catch(func(f *dsl.Flow, _ dsl.Error) dsl.String { return s }))
	dsl.Map(f, "Each", dsl.ListOf(s), func(f *dsl.Flow, s dsl.String) dsl.String { return s })
	dsl.Fail[dsl.String](f, "Failed", dsl.ErrorName("Failed"), "no")
	return s
})
