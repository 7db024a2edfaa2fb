// Package breaker is a circuit breaker: a service that has failed too often is
// not called for a while, and who calls it is told so at once.
package breaker

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// A Request goes to a service.
type Request struct {
	Service dsl.String `json:"service"`
	Body    dsl.JSON   `json:"body"`
}

// A Response comes from it.
type Response struct {
	Body dsl.JSON `json:"body"`
}

// A Service has a circuit, which a table keeps between executions.
type Service struct {
	Name dsl.String `json:"name"`
}

// A Circuit is closed, or open until some time.
type Circuit struct {
	OpenUntil dsl.Optional[dsl.Time] `json:"openUntil"`
}

// A Failure is counted; too many of them open the circuit.
type Failure struct {
	Service dsl.String `json:"service"`
	Error   dsl.String `json:"error"`
	At      dsl.Time   `json:"at"`
}

// How a protected call fails.
const (
	CircuitOpen = dsl.ErrorName("CircuitOpen")
	Unavailable = dsl.ErrorName("Unavailable")
)

var (
	// Look reads a service's circuit.
	Look = dsl.Lambda[Service, Circuit]("read-circuit").Named("Look at circuit").Idempotent()
	// Send calls the service.
	Send = dsl.Lambda[Request, Response]("call-service").Named("Call service").Idempotent()
	// Count notes a failure.
	Count = dsl.Lambda[Failure, dsl.None]("count-failure").Named("Count failure").Idempotent()
	// Close forgets the failures.
	Close = dsl.Lambda[Service, dsl.None]("close-circuit").Named("Close circuit").Idempotent()
)

// Protected calls a service unless its circuit is open.
var Protected = dsl.Express("Protected", func(f *dsl.Flow, request Request) Response {
	service := Service{Name: request.Service}
	until := Look.Call(f, service).OpenUntil
	dsl.If(f, "Open?", dsl.And(until.Present(), dsl.After(until.Must(), dsl.Now(f))), func(f *dsl.Flow) {
		f.Fail("Not now", CircuitOpen, dsl.Format("{} is not called until {}", request.Service, until.Must()))
	})
	response := dsl.Try(f,
		func(f *dsl.Flow) Response { return Send.Call(f, request) },
		dsl.Catch(func(f *dsl.Flow, err dsl.Error) Response {
			Count.Call(f, Failure{Service: request.Service, Error: err.Error, At: dsl.Now(f)})
			return dsl.Fail[Response](f, "Failed", Unavailable, err.Cause)
		}))
	Close.Call(f, service)
	return response
})
