package main

import (
	"embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"golang.org/x/tools/txtar"
)

// explanations has a file for each diagnostic code of workflows: a title, an explanation, and
// examples of what is wrong and right, which a test compiles. Package asl explains
// the codes of definitions in the same form.
//
//go:embed codes/*.txtar
var explanations embed.FS

func explanation(code string) (*txtar.Archive, bool) {
	if text, err := explanations.ReadFile("codes/" + code + ".txtar"); err == nil {
		return txtar.Parse(text), true
	}
	text, ok := asl.Explain(code)
	return txtar.Parse(text), ok
}

// title returns the title of a code; "" for one that nobody explained.
func title(code string) string {
	e, ok := explanation(code)
	if !ok {
		return ""
	}
	line, _, _ := strings.Cut(string(e.Comment), "\n")
	return line
}

// explainCode prints what is to be said about a code.
func explainCode(cmd *cobra.Command, code string) error {
	e, ok := explanation(strings.ToUpper(code))
	if !ok {
		return usage(cmd, "unknown code %q: the codes are %s", code, strings.Join(allCodes(), ", "))
	}
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%s: %s\n", strings.ToUpper(code), strings.TrimSpace(string(e.Comment)))
	for _, f := range e.Files {
		label, _, _ := strings.Cut(f.Name, ".")
		fmt.Fprintf(w, "\n%s:\n\n", strings.ToUpper(label[:1])+label[1:])
		if err := writeIndented(w, string(f.Data)); err != nil {
			return err
		}
	}
	return nil
}

func writeIndented(w io.Writer, text string) error {
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = "\t" + line
		}
		if _, err := io.WriteString(w, line); err != nil {
			return err
		}
	}
	return nil
}

// allCodes returns the codes of workflows and of definitions, sorted.
func allCodes() []string {
	names := codes()
	for _, c := range asl.Codes() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// codes returns the codes that are explained here, sorted.
func codes() []string {
	files, _ := explanations.ReadDir("codes") // cannot fail: it is embedded
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
	}
	return names
}
