package load

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Fingerprint stands for all that the evaluation of a package depends on: the
// files of the package and of its dependencies outside the module cache, the
// versions of those in it, go.mod, go.sum and go.work, the build flags and the go
// command. What the user's code reads while it runs is not part of it.
type Fingerprint struct {
	Path string // import path
	Name string
	Dir  string
	Sum  string // hexadecimal
}

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Name string
	DepOnly, Standard     bool
	Deps                  []string
	Module                *struct {
		Path, Version, GoMod string
		Replace              *struct{ Path, Version, GoMod string }
	}

	GoFiles, CgoFiles, CFiles, CXXFiles, HFiles, SFiles, SysoFiles, EmbedFiles, OtherFiles []string
}

// Fingerprints returns the fingerprints of the packages that the patterns match,
// without compiling anything. Files in the folders that ignore names for a package
// do not count for that package: what is made from it. It fails where the go
// command cannot list the packages, such as when an import is missing.
func (l *Loader) Fingerprints(ctx context.Context, ignore func(Fingerprint) []string, patterns ...string) ([]Fingerprint, error) {
	common, cache, err := l.settings(ctx)
	if err != nil {
		return nil, err
	}
	all, err := l.list(ctx, patterns)
	if err != nil {
		return nil, err
	}
	sums := make(map[string]string)
	for path, p := range all {
		if sums[path], err = p.sum(cache); err != nil {
			return nil, err
		}
	}
	var prints []Fingerprint
	for path, p := range all {
		if p.DepOnly {
			continue
		}
		f := Fingerprint{Path: path, Name: p.Name, Dir: p.Dir}
		ignored := ignore(f)
		sum := sha256.New()
		io.WriteString(sum, common)
		for _, dependency := range append(slices.Sorted(slices.Values(p.Deps)), path) {
			if d := all[dependency]; d != nil && !slices.Contains(ignored, d.Dir) {
				fmt.Fprintf(sum, "%s %s\n", dependency, sums[dependency])
			}
		}
		f.Sum = hex.EncodeToString(sum.Sum(nil))
		prints = append(prints, f)
	}
	slices.SortFunc(prints, func(a, b Fingerprint) int { return cmp.Compare(a.Path, b.Path) })
	return prints, nil
}

// settings describes what all packages depend on, and returns the folder of the
// module cache, whose files never change.
func (l *Loader) settings(ctx context.Context) (common, cache string, err error) {
	names := []string{"GOMODCACHE", "GOMOD", "GOWORK", "GOVERSION", "GOFLAGS", "GOEXPERIMENT", "CGO_ENABLED", "CGO_CFLAGS", "CC", "GODEBUG"}
	out, err := l.command(ctx, append([]string{"env"}, names...)...).Output()
	if err != nil {
		return "", "", err
	}
	lines := strings.Split(string(out), "\n")
	sum := sha256.New()
	fmt.Fprintf(sum, "%s\n%q\n", out, l.Flags)
	for _, file := range lines[1:3] {
		if file == "" || file == os.DevNull || file == "off" {
			continue
		}
		others := []string{file, strings.TrimSuffix(file, ".mod") + ".sum", file + ".sum", filepath.Join(filepath.Dir(file), "vendor", "modules.txt")}
		for _, name := range others {
			if text, err := os.ReadFile(name); err == nil {
				fmt.Fprintf(sum, "%s %x\n", name, sha256.Sum256(text))
			}
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), lines[0], nil
}

// list asks the go command for the packages and all they depend on.
func (l *Loader) list(ctx context.Context, patterns []string) (map[string]*listed, error) {
	const fields = "ImportPath,Dir,Name,DepOnly,Standard,Deps,Module,GoFiles,CgoFiles,CFiles,CXXFiles,HFiles,SFiles,SysoFiles,EmbedFiles,OtherFiles"
	args := slices.Concat([]string{"list", "-deps", "-json=" + fields}, l.Flags, []string{"--"}, patterns)
	cmd := l.command(ctx, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w: %s", err, said.String())
	}
	all := make(map[string]*listed)
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(listed)
		err := d.Decode(p)
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		all[p.ImportPath] = p
	}
}

// sum stands for the package alone. Packages of the standard library are known by
// the version of Go, those in the module cache by that of their module.
func (p *listed) sum(cache string) (string, error) {
	if p.Standard {
		return "", nil
	}
	sum := sha256.New()
	if m := p.Module; m != nil {
		fmt.Fprintf(sum, "%s %s %v\n", m.Path, m.Version, m.Replace)
		if text, err := os.ReadFile(m.GoMod); err == nil {
			sum.Write(text)
		}
	}
	if strings.HasPrefix(p.Dir, cache+string(filepath.Separator)) {
		return hex.EncodeToString(sum.Sum(nil)), nil
	}
	files := slices.Concat(p.GoFiles, p.CgoFiles, p.CFiles, p.CXXFiles, p.HFiles, p.SFiles, p.SysoFiles, p.EmbedFiles, p.OtherFiles)
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(sum, "%s %x\n", name, sha256.Sum256(text))
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
