package child

import (
	"fmt"
	"os"
	"syscall"
)

// parent opens the connection to the program that started this one.
func parent() (*Conn, error) {
	var in, out uintptr
	if _, err := fmt.Sscanf(os.Getenv(Variable), "%d,%d", &in, &out); err != nil {
		return nil, fmt.Errorf("this program is only of use to the stepsmith command")
	}
	for _, handle := range []uintptr{in, out} { // what the handlers start must not hold the connection open
		if err := syscall.SetHandleInformation(syscall.Handle(handle), syscall.HANDLE_FLAG_INHERIT, 0); err != nil {
			return nil, err
		}
	}
	return NewConn(os.NewFile(in, "questions"), os.NewFile(out, "answers")), nil
}
