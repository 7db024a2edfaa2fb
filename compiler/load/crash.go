package load

import (
	"bytes"
	"fmt"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A CrashError says that the user's code ended the program that evaluates it: a
// panic in the initialization of a package or in a goroutine of a handler, a
// call of os.Exit, a stack overflow.
type CrashError struct {
	Package string   // import path
	Message string   // what happened, such as "panic: no such file"
	Pos     spec.Pos // the innermost line of the user's module on the stack, if known
	Trace   string   // what the Go runtime printed; empty when it printed nothing
}

// Error says what happened, and where.
func (e *CrashError) Error() string {
	if e.Pos.IsValid() {
		return fmt.Sprintf("%s: the code of package %s crashed: %s", e.Pos, e.Package, e.Message)
	}
	return fmt.Sprintf("the code of package %s crashed: %s", e.Package, e.Message)
}

// A watch passes on what the program prints, line by line, but holds back what
// the Go runtime prints at a crash.
type watch struct {
	mu   sync.Mutex
	to   io.Writer
	line []byte // the beginning of a line
	held []byte // what was printed since a crash began; nil when there was none
}

// crash matches the first line of the Go runtime's report of a crash.
var crash = regexp.MustCompile(`^(panic: |fatal error: |runtime: goroutine stack exceeds)`)

// Longer lines are passed on in pieces, and longer crash reports are cut.
const (
	longestLine  = 64 << 10
	longestCrash = 1 << 20
)

// Write implements io.Writer.
func (w *watch) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for line := range bytes.Lines(text) {
		w.line = append(w.line, line...)
		if !bytes.HasSuffix(line, []byte("\n")) && len(w.line) < longestLine {
			break
		}
		if err := w.pass(); err != nil {
			return 0, err
		}
	}
	return len(text), nil
}

// pass passes on or holds the line.
func (w *watch) pass() (err error) {
	switch {
	case w.held == nil && !crash.Match(w.line):
		_, err = w.to.Write(w.line)
	case len(w.held) < longestCrash:
		w.held = append(w.held, w.line...)
	}
	w.line = w.line[:0]
	return err
}

// end passes on what is left, and returns the report of a crash.
func (w *watch) end() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 {
		w.line = append(w.line, '\n')
		w.pass() // the program has ended; there is nobody to tell
	}
	return string(w.held)
}

// newCrash reads a crash report of the Go runtime: how a program of the packages
// ended.
func newCrash(trace, status string, pkgs []*Package) *CrashError {
	e := &CrashError{Package: pkgs[0].Path, Trace: trace, Message: "it ended the program (" + status + ")"}
	if trace == "" {
		return e
	}
	e.Message = headline(trace)
	e.Pos = culprit(trace, pkgs[0].Source.Module.Dir)
	for _, p := range pkgs {
		if p.Dir == filepath.Dir(e.Pos.File) {
			e.Package = p.Path
		}
	}
	return e
}

// headline returns what a crash report says before the stacks, in one line.
func headline(trace string) string {
	if strings.Contains(trace, "\nfatal error: stack overflow") {
		return "stack overflow: a function calls itself without end"
	}
	text, _, _ := strings.Cut(trace, "\n\ngoroutine ")
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' })
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "; ")
}

// frame matches the line of a stack that gives a function's place.
var frame = regexp.MustCompile(`(?m)^\t(.+\.go):(\d+)(?: \+0x.*)?$`)

// culprit returns the innermost place of a crash report that is in the folder
// of the user's module and not in a virtual file.
func culprit(trace, folder string) spec.Pos {
	folder += string(filepath.Separator)
	for _, m := range frame.FindAllStringSubmatch(trace, -1) {
		file := filepath.FromSlash(m[1])
		if !strings.HasPrefix(file, folder) || strings.Contains(file, childFolder) || strings.HasPrefix(filepath.Base(file), registrationFile) {
			continue
		}
		line, err := strconv.Atoi(m[2])
		if err == nil {
			return spec.Pos{File: file, Line: line}
		}
	}
	return spec.Pos{}
}
