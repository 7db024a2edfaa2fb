package main

import (
	"io"
	"os"
	"time"

	"golang.org/x/term"
)

// isTerminal reports whether w is a terminal that understands control sequences.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// colours reports whether to use colours on w; see https://no-color.org.
func colours(w io.Writer) bool { return isTerminal(w) && os.Getenv("NO_COLOR") == "" }

// size returns the size of the terminal.
func size(f *os.File) func() (width, height int) {
	return func() (width, height int) {
		width, height, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 80, 24
		}
		return width, height
	}
}

// newView returns the view that suits standard error.
func newView(stderr io.Writer, name string, f runFlags) view {
	switch {
	case f.quiet:
		return quietView{stderr}
	case isTerminal(stderr):
		now := time.Now
		if f.fast {
			now = nil // virtual time stands still between events
		}
		file := stderr.(*os.File)
		return newLiveView(file, size(file), name, colours(stderr), now)
	}
	return newPlainView(stderr, name)
}
