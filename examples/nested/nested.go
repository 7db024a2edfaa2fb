// Package nested runs a workflow for each item of another one: every campaign
// sends its letters by an Express workflow of its own.
package nested

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// A Campaign is written to many people.
type Campaign struct {
	Text   dsl.String           `json:"text"`
	People dsl.List[dsl.String] `json:"people"`
}

// A Letter is written to one.
type Letter struct {
	To   dsl.String `json:"to"`
	Text dsl.String `json:"text"`
}

// A Stamp proves that a letter is on its way.
type Stamp struct {
	Number dsl.Int `json:"number"`
}

// A Report says how many letters were sent.
type Report struct {
	Sent dsl.Int `json:"sent"`
}

var (
	Print = dsl.Lambda[Letter, dsl.None]("print").Idempotent()
	Post  = dsl.Lambda[Letter, Stamp]("post").Idempotent()
)

// Send prints and posts one letter.
var Send = dsl.Standard("Send", func(f *dsl.Flow, letter Letter) Stamp {
	Print.Call(f, letter)
	return Post.Call(f, letter)
})

// Write sends a letter to everybody, each by an execution of Send.
var Write = dsl.Standard("Write", func(f *dsl.Flow, c Campaign) Report {
	stamps := dsl.Map(f, "Everybody", c.People, func(f *dsl.Flow, to dsl.String) Stamp {
		return Send.Nested().Call(f, Letter{To: to, Text: c.Text})
	})
	return Report{Sent: dsl.Len(stamps)}
})
