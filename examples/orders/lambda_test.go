package orders_test

import (
	"os/exec"
	"testing"
)

// TestLambda runs the tests of the Lambda function, which is a module of its own.
func TestLambda(t *testing.T) {
	t.Parallel()
	command := func(args ...string) ([]byte, error) {
		cmd := exec.CommandContext(t.Context(), "go", args...)
		cmd.Dir = "lambda"
		cmd.Env = append(cmd.Environ(), "GOWORK=off")
		return cmd.CombinedOutput()
	}
	if out, err := command("mod", "download", "github.com/aws/aws-lambda-go"); err != nil {
		t.Skipf("AWS's library cannot be had here: %s", out)
	}
	if out, err := command("test", "."); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
