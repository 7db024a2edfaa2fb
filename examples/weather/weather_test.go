package weather_test

import (
	"testing"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/weather"
	flow "github.com/stepsmith-dev/stepsmith/examples/weather/weatherflow"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestForecast(t *testing.T) {
	t.Parallel()
	forecast := wftest.New(t, flow.Forecast).HandleAll(weather.Tasks)
	run := forecast.Run(flow.Place{City: "Oslo"})
	if got, want := run.Succeeded(), "7.5 degrees, clear"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	run.Took(time.Second) // one retry
	if got, want := forecast.Run(flow.Place{City: "Bergen"}).Succeeded(), "7.5 degrees, rain"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
