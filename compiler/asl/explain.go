package asl

import "embed"

// pages has a file for each code: a title and an explanation, then an example of
// what is wrong and of what is right. Where the example is about an Express
// machine or about running one, its name says so; where it is about a machine's
// name, it is that.
//
//go:embed codes/*.txtar
var pages embed.FS

// Explain returns the page about a diagnostic's code as a txtar archive: its
// comment is a title and an explanation, its files are what is wrong and what is
// right. ok is false when no code of this package has the name.
func Explain(code string) (page []byte, ok bool) {
	if _, known := codes[code]; !known {
		return nil, false
	}
	page, err := pages.ReadFile("codes/" + code + ".txtar")
	return page, err == nil
}
