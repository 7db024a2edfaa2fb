package load

import (
	"errors"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
	"golang.org/x/tools/go/packages"
)

// The codes of the diagnostics that [Diagnostics] makes.
const (
	DoesNotCompile = "DOES_NOT_COMPILE" // go build fails
	Crashed        = "CRASHED"          // the user's code ended the program that evaluates it
	NotTraceable   = "NOT_TRACEABLE"    // a variable holds no workflow
)

// Diagnostics turns errors of this package that are about the user's code into
// diagnostics. It returns the others, joined.
func Diagnostics(err error) (diag.List, error) {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var list diag.List
		var others []error
		for _, one := range several.Unwrap() {
			some, other := Diagnostics(one)
			list, others = append(list, some...), append(others, other)
		}
		return list, errors.Join(others...)
	}
	var build *BuildError
	var crash *CrashError
	var trace *TraceError
	switch {
	case errors.As(err, &build):
		return build.diagnostics(), nil
	case errors.As(err, &crash):
		return diag.List{crash.diagnostic()}, nil
	case errors.As(err, &trace):
		return diag.List{{
			Code: NotTraceable, Message: "the workflow " + trace.Workflow.Name + " cannot be traced: " + trace.Message,
			Fix: "give it a value made by dsl.Standard or dsl.Express", Pos: position(trace.Workflow.Pos),
		}}, nil
	}
	return nil, err
}

func (e *BuildError) diagnostics() diag.List {
	var list diag.List
	for _, p := range e.Errors {
		list = append(list, diag.Diagnostic{Code: DoesNotCompile, Message: p.Msg, Pos: parsePosition(p)})
	}
	if len(list) == 0 {
		list = diag.List{{Code: DoesNotCompile, Message: strings.TrimSpace(e.Output)}}
	}
	return list
}

func (e *CrashError) diagnostic() diag.Diagnostic {
	return diag.Diagnostic{
		Code: Crashed, Message: "the code of package " + e.Package + " crashed: " + e.Message, Pos: position(e.Pos),
		Fix: "the package is initialized, and its workflow functions run, when it is compiled; neither must fail",
	}
}

func position(p spec.Pos) diag.Position { return diag.Position{File: p.File, Line: p.Line} }

// parsePosition reads the "file:line:column" of an error; the file's name may
// hold colons, and the numbers may be missing.
func parsePosition(e packages.Error) diag.Position {
	var numbers []int
	file := e.Pos
	for len(numbers) < 2 {
		i := strings.LastIndexByte(file, ':')
		if i < 0 {
			break
		}
		n, err := strconv.Atoi(file[i+1:])
		if err != nil {
			break
		}
		file, numbers = file[:i], append([]int{n}, numbers...)
	}
	p := diag.Position{File: file}
	if file == "-" {
		return diag.Position{}
	}
	if len(numbers) > 0 {
		p.Line = numbers[0]
	}
	if len(numbers) > 1 {
		p.Column = numbers[1]
	}
	return p
}
