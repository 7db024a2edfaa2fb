package main

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
	"unicode"

	"github.com/spf13/cobra"
	"golang.org/x/mod/modfile"
)

//go:embed template/*.tmpl
var templates embed.FS

func initCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "init [FOLDER]",
		Short: "Start a package of workflows",
		Long: `Init writes a small workflow that works, its tasks and its tests into a folder,
which becomes a Go package of that name; the default is the current folder. The
folder must be in a module, and must not have Go files yet.`,
		Example: `  stepsmith init orders && go generate ./orders && go mod tidy && go test ./orders`,
		Args:    arguments(0, 1, "one folder at most"),
		RunE: func(cmd *cobra.Command, args []string) error {
			folder := "."
			if len(args) > 0 {
				folder = args[0]
			}
			return start(cmd, folder)
		},
	}
}

// A scaffold is what the templates need to know.
type scaffold struct {
	Name     string // of the package
	Path     string // its import path
	Generate string // the command behind go:generate
}

func start(cmd *cobra.Command, folder string) error {
	dir, err := filepath.Abs(folder)
	if err != nil {
		return err
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(found) > 0 {
		return fmt.Errorf("%s has Go files already", folder)
	}
	s, err := newScaffold(dir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	files := map[string]string{"workflow.go.tmpl": s.Name + ".go", "tasks.go.tmpl": "tasks.go", "workflow_test.go.tmpl": s.Name + "_test.go"}
	all := template.Must(template.ParseFS(templates, "template/*.tmpl"))
	for _, name := range []string{"workflow.go.tmpl", "tasks.go.tmpl", "workflow_test.go.tmpl"} {
		var text bytes.Buffer
		if err := all.ExecuteTemplate(&text, name, s); err != nil {
			return err
		}
		file := filepath.Join(dir, files[name])
		if _, err := writeChanged(file, text.Bytes()); err != nil {
			return err
		}
		fmt.Fprintln(cmd.OutOrStdout(), "wrote", relative(file))
	}
	where := "."
	if rel := relative(dir); rel != "." {
		where = "./" + filepath.ToSlash(strings.TrimPrefix(rel, "./"))
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "next: go generate %s && go mod tidy && go test %s\n", where, where)
	return err
}

// newScaffold finds out about the package that a folder is to become.
func newScaffold(dir string) (scaffold, error) {
	root, mod, err := moduleAbove(dir)
	if err != nil {
		return scaffold{}, err
	}
	below, err := filepath.Rel(root, dir)
	if err != nil {
		return scaffold{}, err
	}
	s := scaffold{Path: path.Join(modfile.ModulePath(mod), filepath.ToSlash(below)), Generate: generateLine(root, dir, mod)}
	s.Name = strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, path.Base(s.Path))
	if !token.IsIdentifier(s.Name) || s.Name == "main" {
		return scaffold{}, fmt.Errorf("%q cannot be the name of a Go package: choose another folder, such as orders", path.Base(s.Path))
	}
	return s, nil
}

// moduleAbove returns the root and the go.mod of the module that a folder is in.
func moduleAbove(dir string) (root string, mod []byte, err error) {
	for root = dir; ; root = filepath.Dir(root) {
		mod, err = os.ReadFile(filepath.Join(root, "go.mod"))
		if err == nil || !errors.Is(err, os.ErrNotExist) {
			return root, mod, err
		}
		if root == filepath.Dir(root) {
			return "", nil, errors.New("there is no go.mod here or above: run go mod init first, with the name of your module")
		}
	}
}

// generateLine is the command for go:generate: the tool that the module, or a
// tools.mod beside its go.mod, has; or else this version, which go run fetches
// without a trace in go.mod.
func generateLine(root, dir string, mod []byte) string {
	const tool = "github.com/stepsmith-dev/stepsmith/cmd/stepsmith"
	if strings.Contains(string(mod), tool) {
		return "go tool stepsmith generate"
	}
	if text, err := os.ReadFile(filepath.Join(root, "tools.mod")); err == nil && strings.Contains(string(text), tool) {
		if tools, err := filepath.Rel(dir, filepath.Join(root, "tools.mod")); err == nil {
			return "go tool -modfile=" + filepath.ToSlash(tools) + " stepsmith generate"
		}
	}
	if v := version(); !strings.HasPrefix(v, "devel") && v != "unknown" {
		return "go run " + tool + "@" + v + " generate"
	}
	return "go run " + tool + " generate"
}
