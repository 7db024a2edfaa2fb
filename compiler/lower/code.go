package lower

import (
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// code writes JSONata of the user's, with the arguments in their places. An
// expression for a List may give one item or nothing for one; appending to an
// empty list makes a list of both.
func (w writer) code(x *spec.Expr) term {
	w.foreign[w.at.from().name] = x.Pos
	args := w.exprs(x.Args)
	text := replaceArguments(x.Text, func(n int) string {
		if n < 1 || n > len(args) {
			return ""
		}
		return args[n-1].within(powerPath)
	})
	if isKind(x, spec.List) {
		return call("append", array(), term{text: "(" + text + ")"})
	}
	if isIdentifier(strings.TrimPrefix(text, "$")) {
		return variable(strings.TrimPrefix(text, "$"))
	}
	return term{text: text} // binds less than anything
}

// replaceArguments replaces $1, $2 and so on by what argument gives for them,
// unless that is nothing. Texts, names in back-quotes and comments stay as they
// are.
func replaceArguments(code string, argument func(int) string) string {
	var b strings.Builder
	for i := 0; i < len(code); {
		switch c := code[i]; {
		case c == '\'' || c == '"' || c == '`':
			end := skipText(code, i)
			b.WriteString(code[i:end])
			i = end
		case strings.HasPrefix(code[i:], "/*"):
			end := len(code)
			if j := strings.Index(code[i+2:], "*/"); j >= 0 {
				end = i + 2 + j + 2
			}
			b.WriteString(code[i:end])
			i = end
		case c == '$':
			end := i + 1
			for end < len(code) && isNameByte(code[end]) {
				end++
			}
			to := ""
			if n, err := strconv.Atoi(code[i+1 : end]); err == nil {
				to = argument(n)
			}
			if to == "" {
				to = code[i:end]
			}
			b.WriteString(to)
			i = end
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// skipText returns the end of the quoted text that begins at i.
func skipText(code string, i int) int {
	quote := code[i]
	for i++; i < len(code); i++ {
		if code[i] == '\\' && quote != '`' {
			i++
		} else if code[i] == quote {
			return i + 1
		}
	}
	return len(code)
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
