package main

import (
	"encoding/json"
	"io"
	"sync"
)

// output is where the user's code prints: standard error, or the view that has
// standard error at the moment.
type output struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(text)
}

// redirect sends what is printed from now on to w.
func (o *output) redirect(w io.Writer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.w = w
}

// printJSON prints a value as JSON for people.
func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
