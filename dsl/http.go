package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// HTTPRequest is the input of an [HTTP] task. Body is None where there is none.
type HTTPRequest[Body any] struct {
	URL     String                 `json:"ApiEndpoint"` // https
	Method  String                 `json:"Method"`      // GET, POST, PUT, DELETE, PATCH, OPTIONS or HEAD
	Headers Optional[Dict[String]] `json:"Headers"`
	Query   Optional[Dict[String]] `json:"QueryParameters"`
	Body    Body                   `json:"RequestBody"`
}

// HTTPResponse is the result of an [HTTP] task. A status other than 2xx is the
// error States.Http.StatusCode.404 and so on.
type HTTPResponse[Body any] struct {
	Status     Int                `json:"StatusCode"`
	StatusText String             `json:"StatusText"`
	Headers    Dict[List[String]] `json:"Headers"`
	Body       Body               `json:"ResponseBody"`
}

// HTTP declares calls of HTTPS endpoints through a connection of Amazon
// EventBridge, which holds the credentials: its ARN or a ${placeholder}. name is
// the default name of the states.
//
//go:noinline
func HTTP[In, Out any](name, connection string) Task[HTTPRequest[In], HTTPResponse[Out]] {
	return declare[HTTPRequest[In], HTTPResponse[Out]](spec.Task{Name: name, Resource: spec.HTTP, Target: connection, Pos: here()})
}
