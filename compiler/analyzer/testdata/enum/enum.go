// Package enum writes literals that no constant declares.
package enum

import "github.com/stepsmith-dev/stepsmith/dsl"

type Status string

const (
	Open Status = "OPEN"
	Paid Status = "PAID"
)

type Email string // no enum: it has no constants

type Bill struct {
	Status dsl.Enum[Status]           `json:"status"`
	Past   dsl.List[dsl.Enum[Status]] `json:"past"`
	To     dsl.Enum[Email]            `json:"to"`
	Note   dsl.String                 `json:"note"`
}

const typo = "PAYED"

var Bills = dsl.Standard("Bills", func(f *dsl.Flow, b Bill) Bill {
	bad := dsl.Or(
		dsl.Eq(b.Status, "PAYED"),         // want `"PAYED" is none of the constants of type Status; use one of Open, Paid`
		dsl.Ne(b.Status, typo),            // want `"PAYED" is none`
		dsl.In(b.Status, Open, "CLOSED"),  // want `"CLOSED" is none`
		dsl.Has(b.Past, "LOST"),           // want `"LOST" is none`
		dsl.Eq(b.Status, Status("MAYBE")), // want `"MAYBE" is none`
	)
	good := dsl.Or(dsl.Eq(b.Status, "PAID"), dsl.In(b.Status, Open, "PAID"), dsl.Eq(b.To, "a@example.com"), dsl.Eq(b.Note, "PAYED"), dsl.Has(b.Past, Paid))
	return Bill{
		Status: dsl.V[Status]("GONE"), // want `"GONE" is none`
		Past:   b.Past,
		To:     dsl.V[Email]("b@example.com"),
		Note:   dsl.Cond(dsl.And(bad, good), b.Note, dsl.V("CLOSED")),
	}
})
