package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// Endings of the files that build writes beside a package.
const (
	aslEnding = ".asl.json"
	mapEnding = ".asl.map.json"
)

// fileName turns a workflow's name into the name of its files, without ending:
// "Job Poller" and "JobPoller" both give "job-poller". It is empty when the name
// has neither letters nor digits.
func fileName(workflow string) string {
	var name strings.Builder
	runes := []rune(workflow)
	dash := false
	for i, r := range runes {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			dash = true
			continue
		}
		if i > 0 && unicode.IsUpper(r) {
			next := i+1 < len(runes) && unicode.IsLower(runes[i+1])
			dash = dash || unicode.IsLower(runes[i-1]) || unicode.IsDigit(runes[i-1]) || unicode.IsUpper(runes[i-1]) && next
		}
		if dash && name.Len() > 0 {
			name.WriteByte('-')
		}
		name.WriteRune(unicode.ToLower(r))
		dash = false
	}
	return name.String()
}

// writeChanged writes a file unless it has that content already, and reports
// whether it wrote. A file appears whole or not at all.
func writeChanged(file string, content []byte) (bool, error) {
	old, err := os.ReadFile(file)
	if err == nil && bytes.Equal(old, content) {
		return false, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	temporary, err := os.CreateTemp(filepath.Dir(file), ".stepsmith-*")
	if err != nil {
		return false, err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(mode(file)), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		os.Remove(temporary.Name())
	}
	return err == nil, err
}

// mode is the mode of the file that is replaced, or that of a new file.
func mode(file string) fs.FileMode {
	if info, err := os.Stat(file); err == nil {
		return info.Mode().Perm()
	}
	return 0o644
}

// relative shows a file the way the user would name it: relative to the current
// folder when it is in it.
func relative(file string) string {
	here, err := os.Getwd()
	if err != nil || !filepath.IsAbs(file) {
		return file
	}
	short, err := filepath.Rel(here, file)
	if err != nil || short == ".." || strings.HasPrefix(short, ".."+string(filepath.Separator)) {
		return file
	}
	return short
}
