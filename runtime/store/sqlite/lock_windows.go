package sqlite

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
)

// A lock is held by the process that owns a file: it has the lock file open
// without sharing it. The system closes it when the process ends, however it
// ends.
type lock struct{ handle syscall.Handle }

const sharingViolation = syscall.Errno(32)

func acquire(path string) (*lock, error) {
	name, err := syscall.UTF16PtrFromString(path)
	if err != nil {
		return nil, fmt.Errorf("sqlite: %w", err)
	}
	h, err := syscall.CreateFile(name, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, syscall.OPEN_ALWAYS, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, sharingViolation) {
		return nil, &OwnedError{File: strings.TrimSuffix(path, ".lock")}
	}
	if err != nil {
		return nil, fmt.Errorf("sqlite: %s: %w", path, err)
	}
	return &lock{h}, nil
}

func (l *lock) release() { syscall.CloseHandle(l.handle) }
