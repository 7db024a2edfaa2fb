package main

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/analyzer"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// serveVet runs the analyzer and ends the program when the arguments are those
// that go vet gives its -vettool: a question, or flags and a file.
func serveVet(args []string) {
	if len(args) == 0 {
		return
	}
	if args[0] == "-V=full" || args[0] == "-flags" || strings.HasSuffix(args[len(args)-1], "vet.cfg") {
		unitchecker.Main(analyzer.Analyzer)
	}
}
