package runtime_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime"
)

// Express starts have the limits that Standard ones have.
func TestExpressStartIsChecked(t *testing.T) {
	t.Parallel()
	e := engine(t, runtime.Options{})
	if err := workflow(runtime.Express).Deploy(t.Context(), e, doubles); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		about, name, input string
		want               error
	}{
		{"a name with a blank", "a b", "1", runtime.ErrInvalidName},
		{"a long name", strings.Repeat("x", 81), "1", runtime.ErrInvalidName},
		{"a large input", "a", `"` + strings.Repeat("x", 262143) + `"`, runtime.ErrInvalidExecutionInput},
		{"all that fits", strings.Repeat("x", 80), "1" + strings.Repeat(" ", 262143), nil},
	}
	for _, tt := range tests {
		input := json.RawMessage(tt.input)
		if _, err := e.StartSync(t.Context(), "Double", input, runtime.Name(tt.name)); !errors.Is(err, tt.want) {
			t.Errorf("%s: StartSync: %v", tt.about, err)
		}
		if _, err := e.Start(t.Context(), "Double", input, runtime.Name(tt.name)); !errors.Is(err, tt.want) {
			t.Errorf("%s: Start: %v", tt.about, err)
		}
	}
}
