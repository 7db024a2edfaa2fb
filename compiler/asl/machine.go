package asl

import (
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/diag"
)

// ValidateName says what is wrong with the name of a state machine. The name is
// no part of the definition, so the diagnostics have no place.
func ValidateName(name string) diag.List {
	d := &Document{source: newSource("", "")}
	switch i := strings.IndexFunc(name, forbidden); {
	case name == "":
		return diag.List{d.diagnostic(nil, nil, nameEmpty)}
	case utf8.RuneCountInString(name) > maxName:
		return diag.List{d.diagnostic(nil, nil, nameLong, utf8.RuneCountInString(name))}
	case i >= 0:
		r, _ := utf8.DecodeRuneInString(name[i:])
		return diag.List{d.diagnostic(nil, nil, nameInvalid, r)}
	}
	return nil
}
