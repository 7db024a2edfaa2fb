package dsl

import (
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// Format replaces each {} in the format by an argument's text: a number as
// JSON writes it, a Bool as true or false, a Time as it stands. An Optional has
// no text; give it an Or.
//
//go:noinline
func Format(format string, arguments ...Symbol) String {
	pos := here()
	e := &spec.Expr{Op: spec.OpFormat, Type: typeFor(goType[String]()), Text: format, Pos: pos}
	for _, a := range arguments {
		var arg *spec.Expr
		if a != nil {
			arg = a.expr()
		}
		e.Args = append(e.Args, args(arg)...)
	}
	e.Problem = badFormat(e)
	return String{e: e}
}

func badFormat(e *spec.Expr) *spec.Problem {
	problem := func(message, fix string) *spec.Problem {
		return &spec.Problem{Code: "BAD_FORMAT", Message: message, Fix: fix, Pos: e.Pos}
	}
	if strings.Contains(e.Text, mark) {
		p := symbolInText("the format", e.Pos)
		return &p
	}
	if n := strings.Count(e.Text, "{}"); n != len(e.Args) {
		return problem(fmt.Sprintf("the format has %d {} for %d arguments", n, len(e.Args)), "write one {} for each argument")
	}
	for _, a := range e.Args {
		if a.Type == nil {
			continue
		}
		switch a.Type.Kind {
		case spec.Optional:
			return problem("an Optional has no text when it is missing", "give it a value for that case with Or")
		case spec.List, spec.Dict:
			return problem(a.Type.String()+" has no text of its own", "Join a list, or choose one of its members")
		}
	}
	return nil
}

// Upper is s in upper case.
//
//go:noinline
func Upper(s String) String { return call1[string](spec.OpUpper, s.e) }

// Lower is s in lower case.
//
//go:noinline
func Lower(s String) String { return call1[string](spec.OpLower, s.e) }

// Trim is s without white space at its ends, and with single blanks within.
//
//go:noinline
func Trim(s String) String { return call1[string](spec.OpTrim, s.e) }

// Split is the parts of s between the separators.
//
//go:noinline
func Split(s String, separator string) List[String] {
	pos := here()
	return List[String]{e: &spec.Expr{
		Op: spec.OpSplit, Type: typeFor(goType[List[String]]()), Args: append(args(s.e), literal(separator, pos)), Pos: pos,
	}}
}

// Join is the texts of the list with separators between them.
//
//go:noinline
func Join(list List[String], separator string) String {
	return call1[string](spec.OpJoin, list.e, literal(separator, here()))
}

// Contains tells whether part is in s.
//
//go:noinline
func Contains[C Text](s String, part C) Bool {
	return call1[bool](spec.OpContains, s.e, textOf(part))
}
