package weather

import (
	"context"
	"path"
	"sync/atomic"

	"github.com/stepsmith-dev/stepsmith/examples/weather/weathertask"
	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

var calls atomic.Int64

// Tasks stands in for the service when the workflow runs on this machine. It is
// overloaded at the first call, and it always rains in Bergen.
var Tasks = weathertask.Tasks{GetWeather: getWeather}

func getWeather(_ context.Context, r weathertask.HTTPRequest[flow.None]) (weathertask.HTTPResponse[weathertask.Weather], error) {
	var response weathertask.HTTPResponse[weathertask.Weather]
	if calls.Add(1) == 1 {
		return response, &task.Error{Name: string(Unavailable), Cause: "try again later"}
	}
	response.Status, response.StatusText = 200, "OK"
	response.Body = weathertask.Weather{Celsius: 7.5, Tags: map[string]string{}}
	if path.Base(r.URL) == "Bergen" {
		response.Body.Tags["sky"] = "rain"
	}
	return response, nil
}
