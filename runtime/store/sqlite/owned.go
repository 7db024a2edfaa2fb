package sqlite

import "fmt"

// An OwnedError refuses to open a file for writing that another process owns.
type OwnedError struct {
	File string
	// PID is the process that owns the file; 0 when it is not known.
	PID int
}

// Error names the file and the process.
func (e *OwnedError) Error() string {
	if e.PID == 0 {
		return fmt.Sprintf("sqlite: %s is in use by another process", e.File)
	}
	return fmt.Sprintf("sqlite: %s is in use by process %d", e.File, e.PID)
}
