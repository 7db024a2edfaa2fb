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

// explanations has a file for each diagnostic code of workflows: a title, an
// explanation, and examples of what is wrong and right, which a test compiles.
// Package asl has the same for the codes of definitions.
//
//go:embed codes/*.txtar
var explanations embed.FS

func explanation(code string) (*txtar.Archive, bool) {
	text, err := explanations.ReadFile("codes/" + code + ".txtar")
	ok := err == nil
	if !ok {
		text, ok = asl.Explain(code)
	}
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

// validatorCode finds a code of definitions.
func validatorCode(code string) (asl.Code, bool) {
	all := asl.Codes()
	i := slices.IndexFunc(all, func(c asl.Code) bool { return c.Name == code })
	if i < 0 {
		return asl.Code{}, false
	}
	return all[i], true
}

// origins say whose a code is.
var origins = map[asl.Origin]string{
	asl.Documented: "AWS reports it too, and documents the code.",
	asl.Seen:       "AWS reports it too, under a code that it does not document.",
	asl.Own:        "AWS accepts it: the finding is Stepsmith's.",
}

// explainCode prints what is to be said about a code.
func explainCode(cmd *cobra.Command, code string) error {
	w := cmd.OutOrStdout()
	code = strings.ToUpper(code)
	e, ok := explanation(code)
	if !ok {
		all := codes()
		for _, c := range asl.Codes() {
			all = append(all, c.Name)
		}
		slices.Sort(all)
		return usage(cmd, "unknown code %q: the codes are %s", code, strings.Join(all, ", "))
	}
	fmt.Fprintf(w, "%s: %s\n", code, strings.TrimSpace(string(e.Comment)))
	if c, ok := validatorCode(code); ok {
		fmt.Fprintf(w, "\n%s\n", origins[c.Origin])
	}
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

// codes returns the codes that have a page, sorted.
func codes() []string {
	files, _ := explanations.ReadDir("codes") // cannot fail: it is embedded
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f.Name(), path.Ext(f.Name()))
	}
	return names
}
