package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// answers makes handlers of --task flags: NAME=FILE.json or NAME=exec:COMMAND.
func answers(flags []string, stderr *output) (task.Handlers, error) {
	handlers := make(task.Handlers)
	for _, flag := range flags {
		name, how, ok := strings.Cut(flag, "=")
		if !ok || name == "" || how == "" {
			return nil, fmt.Errorf("--task %q is not NAME=FILE.json or NAME=exec:COMMAND", flag)
		}
		if command, ok := strings.CutPrefix(how, "exec:"); ok {
			handlers[name] = commandAnswer{command, stderr}
			continue
		}
		text, err := os.ReadFile(how)
		if err != nil {
			return nil, fmt.Errorf("--task %s: %w", name, err)
		}
		if !json.Valid(text) {
			return nil, fmt.Errorf("--task %s: %s is not valid JSON", name, how)
		}
		handlers[name] = canned(bytes.TrimSpace(text))
	}
	return handlers, nil
}

// canned is an answer that is always the same.
type canned json.RawMessage

func (c canned) Handle(context.Context, json.RawMessage) (json.RawMessage, error) {
	return json.RawMessage(c), nil
}

// commandAnswer answers with what a shell command prints.
type commandAnswer struct {
	command string
	stderr  *output
}

// Handle runs the command with the task's input on its standard input. When it
// fails, the task fails with the last line that it printed, on standard error if
// there is any, as the cause; a line {"Error": …, "Cause": …} gives both.
func (a commandAnswer) Handle(ctx context.Context, input json.RawMessage) (json.RawMessage, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", a.command)
	if runtime.GOOS == "windows" {
		cmd = exec.CommandContext(ctx, "cmd", "/C", a.command)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), &stdout, &stderr
	cmd.WaitDelay = time.Second // for what the shell started and left behind
	err := cmd.Run()
	if _, copyErr := a.stderr.Write(stderr.Bytes()); copyErr != nil {
		return nil, copyErr
	}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.As(err, &exit):
		return nil, whyFailed(stdout.String(), stderr.String(), exit)
	case err != nil:
		return nil, err
	}
	answer := bytes.TrimSpace(stdout.Bytes())
	if len(answer) == 0 {
		return json.RawMessage("null"), nil
	}
	if !json.Valid(answer) {
		return nil, &task.Error{Name: "InvalidOutput", Cause: fmt.Sprintf("%q did not print one JSON document", a.command)}
	}
	return answer, nil
}

// whyFailed reads why a command failed.
func whyFailed(stdout, stderr string, exit *exec.ExitError) error {
	line := lastLine(stderr)
	if line == "" {
		line = lastLine(stdout)
	}
	if line == "" {
		line = exit.String()
	}
	var said struct{ Error, Cause string }
	if json.Unmarshal([]byte(line), &said) == nil && said.Error != "" {
		return &task.Error{Name: said.Error, Cause: said.Cause}
	}
	return &task.Error{Name: "CommandFailed", Cause: line}
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:])
}
