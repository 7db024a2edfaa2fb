package codegen

import (
	"go/format"
	"regexp"
	"strings"
)

// blank matches the blank lines that stand where a reader wants none.
var blank = regexp.MustCompile(`\n\n\n+`)

// imports matches the import declaration.
var imports = regexp.MustCompile(`(?s)\nimport \(\n(.*?)\n\)\n`)

// tidy formats the source: paragraphs are a blank line apart, and the imports
// from the standard library come first.
func tidy(source []byte) ([]byte, error) {
	source = imports.ReplaceAllFunc(source, func(declaration []byte) []byte {
		var standard, others []string
		for line := range strings.Lines(string(imports.FindSubmatch(declaration)[1])) {
			line = strings.TrimSuffix(line, "\n")
			if first, _, _ := strings.Cut(strings.Trim(line[strings.IndexByte(line, '"'):], `"`), "/"); strings.Contains(first, ".") {
				others = append(others, line)
			} else {
				standard = append(standard, line)
			}
		}
		all := strings.Join(append(append(standard, ""), others...), "\n")
		return []byte("\nimport (\n" + strings.Trim(all, "\n") + "\n)\n")
	})
	return format.Source(blank.ReplaceAll(source, []byte("\n\n")))
}

// wrap breaks a paragraph into lines of at most 80 columns with their "// ".
func wrap(text string) string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len(line)+1+len(word) > 77 {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return strings.Join(append(lines, line), "\n")
}
