package spec

import (
	"fmt"
	"path"
	"strings"
)

// Text writes the record for people, in a notation of its own: a line for each
// step, set in as the blocks are, "#3" for the source with ID 3, and the line of
// each step at its end. It is for tests and for reading along; nothing reads it
// back.
func (w *Workflow) Text() string {
	p := &printer{}
	p.line(0, w.Pos, "%s %q %s → %s", strings.ToLower(string(w.Kind)), w.Name, w.Input, w.Output)
	p.block(1, w.Body)
	for _, problem := range w.Problems {
		p.line(0, problem.Pos, "problem %s: %s", problem.Code, problem.Message)
	}
	return p.String()
}

type printer struct{ strings.Builder }

func (p *printer) line(depth int, pos Pos, format string, args ...any) {
	p.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(p, format, args...)
	if pos.IsValid() {
		fmt.Fprintf(p, "  // %s:%d", path.Base(pos.File), pos.Line)
	}
	p.WriteByte('\n')
}

func (p *printer) block(depth int, b *Block) {
	for _, step := range b.Steps {
		p.step(depth, step)
	}
	switch {
	case b.Ended:
		p.line(depth, Pos{}, "end")
	case b.Result != nil:
		p.line(depth, Pos{}, "= %s", b.Result)
	}
}

func (p *printer) step(depth int, step Step) {
	head := step.Head()
	line := func(s *Source, format string, args ...any) {
		text := fmt.Sprintf(format, args...)
		if s != nil {
			text = fmt.Sprintf("%s = %s", s, text)
		}
		p.line(depth, head.Pos, "%s", text)
	}
	switch s := step.(type) {
	case *Call:
		line(s.Result, "call %q %s %s(%s)%s", s.Name, s.Task.Resource, s.Task.Name, text(s.Input), s.options())
	case *Wait:
		line(nil, "wait %q %s%s", s.Name, text(s.Seconds), text(s.Until))
	case *Choice:
		line(s.Result, "choice %q", s.Name)
		for _, arm := range s.Arms {
			p.line(depth+1, arm.Pos, "case %s", arm.Condition)
			p.block(depth+2, arm.Body)
		}
		if s.Default != nil {
			p.line(depth+1, s.Default.Pos, "default")
			p.block(depth+2, s.Default)
		}
	case *Parallel:
		line(s.Result, "parallel %q%s → %s", s.Name, retry(s.Retry), text(s.Output))
		for i, b := range s.Branches {
			p.line(depth+1, b.Pos, "branch %s", s.Outcomes[i])
			p.block(depth+2, b)
		}
	case *Map:
		line(s.Result, "map %q %s over %s%s", s.Name, s.Item, s.items(), retry(s.Retry))
		p.block(depth+1, s.Body)
	case *Repeat:
		line(s.Result, "repeat %d", s.Loop)
		p.block(depth+1, s.Body)
	case *Break:
		line(nil, "break %d %s", s.Loop, text(s.Value))
	case *Continue:
		line(nil, "continue %d", s.Loop)
	case *Try:
		line(s.Result, "try")
		p.block(depth+1, s.Body)
		for _, c := range s.Catchers {
			p.line(depth, c.Pos, "catch %s %s", c.Error, strings.Join(c.Errors, ", "))
			p.block(depth+1, c.Body)
		}
	case *Finally:
		line(s.Result, "finally %q", s.Name)
		p.block(depth+1, s.Body)
		p.line(depth, s.Cleanup.Pos, "cleanup")
		p.block(depth+1, s.Cleanup)
	case *Raw:
		line(s.Result, "raw %q %s(%s)", s.Name, s.JSON, text(s.Input))
	case *Set:
		line(s.Variable, "set %q %s", s.Variable.Name, s.Value)
	case *Get:
		line(nil, "get %q @%d", s.Variable.Name, s.ID)
	case *Bind:
		line(s.Result, "bind %s", s.Value)
	case *Fail:
		line(nil, "fail %q %s %s", s.Name, text(s.Error), text(s.Cause))
	case *Succeed:
		line(nil, "succeed %q %s", s.Name, text(s.Value))
	}
}

func (s *Map) items() string {
	d := s.Distributed
	switch {
	case d == nil:
		return s.Items.String()
	case d.Reader != nil:
		return fmt.Sprintf("distributed %s(%s %s%s)", d.Reader.Format, d.Reader.Bucket, text(d.Reader.Key), text(d.Reader.Prefix))
	}
	return "distributed " + s.Items.String()
}

func (s *Call) options() string {
	text := retry(s.Retry)
	if s.Pattern != Await {
		text = " " + string(s.Pattern) + text
	}
	if s.Timeout != 0 {
		text += " timeout " + s.Timeout.String()
	}
	if s.Heartbeat != 0 {
		text += " heartbeat " + s.Heartbeat.String()
	}
	return text
}

func retry(list []Retrier) string {
	var text string
	for _, r := range list {
		text += " retry " + strings.Join(r.Errors, ", ")
	}
	return text
}

// String returns "#" and the source's ID.
func (s *Source) String() string {
	if s == nil {
		return "_"
	}
	return fmt.Sprintf("#%d", s.ID)
}

func text(e *Expr) string {
	if e == nil {
		return ""
	}
	return e.String()
}

// String returns the expression in the notation of [Workflow.Text].
func (e *Expr) String() string {
	args := make([]string, len(e.Args))
	for i, arg := range e.Args {
		args[i] = arg.String()
	}
	switch e.Op {
	case OpLiteral:
		return string(e.Value)
	case OpRef:
		if e.Get > 0 {
			return fmt.Sprintf("%s@%d", e.Source, e.Get)
		}
		return e.Source.String()
	case OpField:
		return args[0] + "." + e.Names[0]
	case OpStruct, OpDict:
		for i := range args {
			args[i] = e.Names[i] + ": " + args[i]
		}
		return fmt.Sprintf("%s{%s}", e.Type, strings.Join(args, ", "))
	case OpList:
		return "[" + strings.Join(args, ", ") + "]"
	case OpLambda:
		return fmt.Sprintf("%s ⇒ %s", e.Params[0], args[0])
	case OpFormat:
		args = append([]string{fmt.Sprintf("%q", e.Text)}, args...)
	case OpContext:
		return "context." + strings.Join(e.Names, ".")
	case OpCode:
		args = append([]string{fmt.Sprintf("%q", e.Text)}, args...)
	case OpExecution:
		return "execution." + e.Names[0]
	}
	return fmt.Sprintf("%s(%s)", e.Op, strings.Join(args, ", "))
}
