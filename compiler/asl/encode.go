package asl

import (
	"bytes"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Encode returns the definition as JSON, set in by two blanks, with a line end
// behind it. Fields are in the order of the language's own examples, beginning
// with Comment, QueryLanguage and StartAt in a machine and with Type in a state;
// states, and the members of payloads, keep their order. Equal machines have
// equal texts. Placeholders without quotes stay as they are, and the text is then
// no JSON yet.
func (m *Machine) Encode() []byte {
	var p printer
	p.Grow(len(m.States) << 9) // what a state takes, about
	p.value(m.value(), 0)
	p.WriteByte('\n')
	return p.Bytes()
}

func (m *Machine) value() value.Value { return encode(m, nil) }

func encodeStates(states []State) value.Value {
	if states == nil {
		return value.Value{}
	}
	members := make([]value.Member, len(states))
	for i, s := range states {
		members[i] = value.Member{Key: s.Common().Name, Value: encodeState(s)}
	}
	return value.Object(members...)
}

func encodeState(s State) value.Value {
	typ := []value.Member{{Key: "Type", Value: value.String(string(s.Type()))}}
	switch s := s.(type) {
	case *Task:
		return encode(s, typ)
	case *Pass:
		return encode(s, typ)
	case *Wait:
		return encode(s, typ)
	case *Choice:
		return encode(s, typ)
	case *Succeed:
		return encode(s, typ)
	case *Fail:
		return encode(s, typ)
	case *Parallel:
		return encode(s, typ)
	case *Map:
		return encode(s, typ)
	}
	return value.Object(typ...)
}

// encodeRule puts the operator behind the variable it is applied to.
func encodeRule(r Rule) value.Value {
	fields := encode(&r, nil).Members()
	members := make([]value.Member, 0, len(fields)+1)
	for _, m := range fields {
		members = append(members, m)
		if m.Key == "Variable" && r.Operator != "" {
			members = append(members, value.Member{Key: r.Operator, Value: r.Operand})
		}
	}
	return value.Object(members...)
}

// lineWidth is how wide a list of scalars may be to stay on one line.
const lineWidth = 100

// A printer writes values over several lines.
type printer struct{ bytes.Buffer }

func (p *printer) value(v value.Value, depth int) {
	switch v.Kind() {
	case value.KindList:
		p.list(v.Items(), depth)
	case value.KindObject:
		p.object(v.Members(), depth)
	case value.KindOpaque:
		if o, _ := v.Opaque(); o != nil {
			if text, ok := o.(Placeholder); ok {
				p.WriteString(string(text))
				return
			}
		}
		p.WriteString("null")
	default:
		p.Write(v.AppendJSON(p.AvailableBuffer()))
	}
}

func (p *printer) object(members []value.Member, depth int) {
	if len(members) == 0 {
		p.WriteString("{}")
		return
	}
	p.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			p.WriteByte(',')
		}
		p.line(depth + 1)
		p.Write(value.AppendString(p.AvailableBuffer(), m.Key))
		p.WriteString(": ")
		p.value(m.Value, depth+1)
	}
	p.line(depth)
	p.WriteByte('}')
}

// list writes a list of scalars on one line where it fits, and other lists with
// one item to a line.
func (p *printer) list(items []value.Value, depth int) {
	if len(items) == 0 {
		p.WriteString("[]")
		return
	}
	start := p.Len()
	if p.oneLine(items, depth) {
		return
	}
	p.Truncate(start)
	p.WriteByte('[')
	for i, item := range items {
		if i > 0 {
			p.WriteByte(',')
		}
		p.line(depth + 1)
		p.value(item, depth+1)
	}
	p.line(depth)
	p.WriteByte(']')
}

func (p *printer) oneLine(items []value.Value, depth int) bool {
	start := p.Len()
	p.WriteByte('[')
	for i, item := range items {
		if kind := item.Kind(); kind == value.KindList || kind == value.KindObject {
			return false
		}
		if i > 0 {
			p.WriteString(", ")
		}
		p.value(item, depth)
		if p.Len()-start > 4*lineWidth {
			return false
		}
	}
	p.WriteByte(']')
	return utf8.RuneCount(p.Bytes()[start:])+2*depth <= lineWidth
}

func (p *printer) line(depth int) {
	p.WriteByte('\n')
	for range depth {
		p.WriteString("  ")
	}
}
