package main

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A hint is what to do about something that the Go compiler says of symbolic
// values: its words are about Go, and the way out is in package dsl.
type hint struct {
	says *regexp.Regexp // of a line
	do   string
}

// hints are in the order in which they are tried; the first that matches a line
// is given.
var hints = []hint{
	{says(`provides package \S+(task|flow);|undefined: \w+(task|flow)\.|type \w+(task|flow)\.\w+ has no field`),
		"what stepsmith generate writes is missing or old: run it, or go generate"},
	{says(`cannot range over .*dsl\.List`), "a list is data of an execution: dsl.Map runs states for each item, dsl.Select and dsl.Filter are expressions"},
	{says(`cannot index .*dsl\.(List|Dict)|dsl\.(List|Dict).* for built-in len`), "dsl.At, dsl.Len and dsl.Lookup are the expressions for lists and dicts"},
	{says(`non-boolean condition|cannot switch on .*dsl\.`), "Go decides when the workflow is compiled; dsl.If and dsl.Switch decide in the execution"},
	{says(`operator (!|&&|\|\|) not defined on .*dsl\.`), "combine conditions with dsl.And, dsl.Or and dsl.Not"},
	{says(`(==|!=).*(cannot be compared|mismatched types .*dsl\.)`), "compare symbolic values with dsl.Eq, dsl.Ne, dsl.In, dsl.Gt and so on"},
	{says(`[^=!](<=?|>=?) .*mismatched types .*dsl\.|operator [<>]=? not defined on .*dsl\.`), "compare symbolic values with dsl.Lt, dsl.Le, dsl.Gt and dsl.Ge"},
	{says(`mismatched types dsl\.String|operator \+ not defined on .*dsl\.String`), "make texts with dsl.Format"},
	{says(`mismatched types .*dsl\.|operator . not defined on .*dsl\.|non-numeric type dsl\.`), "compute with dsl.Add, dsl.Sub, dsl.Mul, dsl.Div and dsl.Mod; what changes in a loop is a dsl.Var"},
	{says(`cannot use dsl\.V\(\d+\).* as dsl\.Float`), "a literal of a Float has a decimal point: dsl.V(3.0)"},
	{says(`cannot use dsl\.V\(".*as dsl\.Enum`), "a literal of an enum is one of its constants: dsl.V(Paid)"},
	{says(`cannot use .*constant\) as dsl\.(String|Int|Float|Bool|Enum)`), "dsl.V makes a symbolic value of a literal"},
	{says(`as dsl\.Optional`), "dsl.Some makes an Optional of a value"},
	{says(`cannot use \[\].* as dsl\.List`), "dsl.ListOf makes a list of values"},
	{says(`cannot use map\[.* as dsl\.Dict`), "dsl.DictOf makes a dict of values"},
	{says(`dsl\.Optional.* does not match inferred type`), "an Optional may be missing: give it a value with .Or(…), or insist with .Must()"},
	{says(`dsl\.Float does not satisfy dsl\.Num\[int\]`), "the result has the type of the first operand: put the Float first, or use dsl.ToFloat"},
	{says(`does not satisfy dsl\.Moment`), "dsl.Wait takes a time.Duration, as in 5*time.Second, or a symbolic number of seconds"},
	{says(`cannot infer T .*dsl/fail\.go`), "say what would have been the result: dsl.Fail[Receipt](…), or f.Fail(…) for a statement"},
	{says(`in call to dsl\.\w+, cannot infer T`), "the first operand is a symbolic value, the second may be a literal"},
	{says(`cannot convert .*dsl\.|invalid map key type dsl\.`), "a symbolic value is an expression, not data: it has no value while the workflow is compiled"},
	{says(`initialization cycle`), "a workflow that calls itself, or that is called by what it calls, is named with dsl.WorkflowNamed"},
}

func says(pattern string) *regexp.Regexp { return regexp.MustCompile(pattern) }

// writeHints writes each hint that fits what the Go compiler said once.
func writeHints(w io.Writer, said string) error {
	var given []string
	for line := range strings.Lines(said) {
		i := slices.IndexFunc(hints, func(h hint) bool { return h.says.MatchString(line) })
		if i < 0 || slices.Contains(given, hints[i].do) {
			continue
		}
		given = append(given, hints[i].do)
		if _, err := fmt.Fprintf(w, "hint: %s\n", hints[i].do); err != nil {
			return err
		}
	}
	return nil
}
