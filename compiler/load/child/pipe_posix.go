//go:build !windows

package child

import (
	"fmt"
	"os"
	"syscall"
)

// parent opens the connection to the program that started this one.
func parent() (*Conn, error) {
	var in, out int
	if _, err := fmt.Sscanf(os.Getenv(Variable), "%d,%d", &in, &out); err != nil {
		return nil, fmt.Errorf("this program is only of use to the stepsmith command")
	}
	syscall.CloseOnExec(in) // what the handlers start must not hold the connection open
	syscall.CloseOnExec(out)
	return NewConn(os.NewFile(uintptr(in), "questions"), os.NewFile(uintptr(out), "answers")), nil
}
