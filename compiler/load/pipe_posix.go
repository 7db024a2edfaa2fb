//go:build !windows

package load

import (
	"os/exec"

	"github.com/stepsmith-dev/stepsmith/compiler/load/child"
)

// connect gives the command a connection besides its standard files.
func connect(cmd *exec.Cmd) (*ends, error) {
	e, err := pipes()
	if err != nil {
		return nil, err
	}
	cmd.ExtraFiles = e.theirs // file descriptors 3 and 4
	cmd.Env = append(cmd.Environ(), child.Variable+"=3,4")
	return e, nil
}
