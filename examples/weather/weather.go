// Package weather calls an HTTPS endpoint without a function in between, through
// a connection of Amazon EventBridge that holds the credentials.
package weather

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

// A Place is where we want to know the weather.
type Place struct {
	City dsl.String `json:"city"`
}

// A Weather is what the service answers.
type Weather struct {
	Celsius dsl.Float            `json:"celsius"`
	Tags    dsl.Dict[dsl.String] `json:"tags"`
}

// Unavailable is the error of a service that is overloaded.
const Unavailable = dsl.ErrorName("States.Http.StatusCode.503")

// GetWeather asks the service, and asks again when it is overloaded.
var GetWeather = dsl.HTTP[dsl.None, Weather]("Get weather", "arn:aws:events:eu-central-1:111111111111:connection/weather/1").
	Idempotent().
	Retry(dsl.On(Unavailable).Every(time.Second).Max(3).Backoff(2))

// Forecast says in a few words what the weather is like.
var Forecast = dsl.Express("Forecast", func(f *dsl.Flow, place Place) dsl.String {
	weather := GetWeather.Call(f, dsl.HTTPRequest[dsl.None]{
		URL:    dsl.Format("https://api.example.com/weather/{}", place.City),
		Method: dsl.V("GET"),
		Query:  dsl.Some(dsl.DictOf(map[string]dsl.String{"units": dsl.V("C")})),
	}).Body
	return dsl.Format("{} degrees, {}", weather.Celsius, dsl.Lookup(weather.Tags, "sky").Or(dsl.V("clear")))
})
