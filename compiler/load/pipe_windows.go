package load

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"github.com/stepsmith-dev/stepsmith/compiler/load/child"
)

// connect gives the command a connection besides its standard files.
func connect(cmd *exec.Cmd) (*ends, error) {
	e, err := pipes()
	if err != nil {
		return nil, err
	}
	var handles []syscall.Handle
	for _, f := range e.theirs {
		handle := syscall.Handle(f.Fd())
		if err := syscall.SetHandleInformation(handle, syscall.HANDLE_FLAG_INHERIT, syscall.HANDLE_FLAG_INHERIT); err != nil {
			e.started()
			e.close()
			return nil, os.NewSyscallError("SetHandleInformation", err)
		}
		handles = append(handles, handle)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{AdditionalInheritedHandles: handles}
	cmd.Env = append(cmd.Environ(), fmt.Sprintf("%s=%d,%d", child.Variable, handles[0], handles[1]))
	return e, nil
}
