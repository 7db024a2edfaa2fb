package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/codegen"
	"github.com/stepsmith-dev/stepsmith/compiler/load"
)

// A memory knows what generate made of which packages, so that those that have
// not changed need no compilation. It is kept in the user's cache folder, not in
// the project, whose history it would only disturb.
type memory struct {
	dir    string // "" remembers nothing
	tool   string
	prints []load.Fingerprint // generated packages are not among them
	made   bool               // some package is remembered to have workflows
}

// A record is what is remembered of a package.
type record struct {
	Sum   string            `json:"sum"`   // of what it was made from
	Files map[string]string `json:"files"` // sums of what was made, by absolute name
}

// remember finds out what the packages are made of now. Where that is not
// possible, everything counts as changed.
func remember(ctx context.Context, l *load.Loader, patterns []string) *memory {
	m := new(memory)
	cache, err := os.UserCacheDir()
	if err != nil {
		return m
	}
	if m.tool, err = toolSum(); err != nil {
		return m
	}
	made := func(f load.Fingerprint) []string { return codegen.Dirs(f.Dir, f.Name, f.Path) }
	prints, err := l.Fingerprints(ctx, made, patterns...)
	if err != nil {
		return m
	}
	m.dir = filepath.Join(cache, "stepsmith", "generate")
	var folders []string
	for _, f := range prints {
		folders = append(folders, made(f)...)
	}
	m.prints = slices.DeleteFunc(prints, func(f load.Fingerprint) bool { return slices.Contains(folders, f.Dir) })
	return m
}

// toolSum stands for this program: its version, or the file itself when it was
// built from a checkout.
func toolSum() (string, error) {
	if v := version(); !strings.HasPrefix(v, "devel") && v != "unknown" {
		return v, nil
	}
	name, err := os.Executable()
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(name)
	return sum(text), err
}

func sum(text []byte) string {
	s := sha256.Sum256(text)
	return hex.EncodeToString(s[:])
}

func (m *memory) file(f load.Fingerprint) string {
	return filepath.Join(m.dir, sum([]byte(f.Dir))+".json")
}

func (m *memory) sum(f load.Fingerprint) string { return sum([]byte(m.tool + f.Sum)) }

// changed returns the packages that have to be generated again, as patterns; with
// no memory, the given patterns.
func (m *memory) changed(patterns []string) []string {
	if m.dir == "" {
		return patterns
	}
	var paths []string
	for _, f := range m.prints {
		var r record
		text, err := os.ReadFile(m.file(f))
		if err != nil || json.Unmarshal(text, &r) != nil || r.Sum != m.sum(f) || !r.upToDate(f) {
			paths = append(paths, f.Path)
		}
		m.made = m.made || len(r.Files) > 0
	}
	if !m.made { // nothing to remember, or no workflows at all, which is worth a word
		return patterns
	}
	return paths
}

// upToDate reports whether the files are as they were made.
func (r record) upToDate(f load.Fingerprint) bool {
	files := make(map[string]string)
	for _, name := range generatedFiles(f.Dir, f.Name, f.Path) {
		files[name] = sum(source(name))
	}
	return maps.Equal(r.Files, files)
}

// keep remembers what was made of the packages; nothing was made of the others.
// A memory that cannot be written is none.
func (m *memory) keep(made []generation) {
	if m.dir == "" || os.MkdirAll(m.dir, 0o777) != nil {
		return
	}
	for _, f := range m.prints {
		r := record{Sum: m.sum(f), Files: make(map[string]string)}
		for _, g := range made {
			if g.pkg.Path == f.Path {
				for _, file := range g.files {
					r.Files[file.Name] = sum(file.Content)
				}
			}
		}
		if len(r.Files) > 0 || len(generatedFiles(f.Dir, f.Name, f.Path)) == 0 {
			m.write(f, r)
		}
	}
}

func (m *memory) write(f load.Fingerprint, r record) {
	if text, err := json.Marshal(r); err == nil {
		writeChanged(m.file(f), text)
	}
}
