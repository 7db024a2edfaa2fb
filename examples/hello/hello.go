// Package hello is the smallest workflow: two steps.
package hello

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// A Person is whom we greet.
type Person struct {
	Name dsl.String `json:"name"`
}

// A Language is what somebody speaks.
type Language struct {
	Code dsl.String `json:"code"`
}

// A Request asks for a greeting.
type Request struct {
	Name     dsl.String `json:"name"`
	Language dsl.String `json:"language"`
}

// A Greeting is what we say.
type Greeting struct {
	Text dsl.String `json:"text"`
}

var (
	// Detect finds out which language a person speaks.
	Detect = dsl.Lambda[Person, Language]("detect-language").Named("Detect language").Idempotent()
	// Greet finds the right words.
	Greet = dsl.Lambda[Request, Greeting]("greet").Named("Greet").Idempotent()
)

// Hello greets a person in the language that they speak.
var Hello = dsl.Express("Hello", func(f *dsl.Flow, person Person) Greeting {
	language := Detect.Call(f, person)
	return Greet.Call(f, Request{Name: person.Name, Language: language.Code})
})
