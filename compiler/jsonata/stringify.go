package jsonata

import (
	"math"
	"strconv"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// stringify is $string: JSON with numbers of at most fifteen digits, strings as
// they are. Functions are empty strings.
func (ev *evaluation) stringify(v value.Value, pretty bool) (string, *Error) {
	switch v.Kind() {
	case value.KindString:
		s, _ := v.Str()
		return s, nil
	case value.KindOpaque:
		return "", nil
	case value.KindNumber:
		f, _ := v.Float()
		if f-f != 0 {
			if math.IsInf(f, 0) {
				return "", fail("D3001", v)
			}
			return "null", nil
		}
		return string(appendNumber(nil, f)), nil
	}
	if v.Mark()&outerMark != 0 {
		v = v.Index(0)
	}
	s := stringifier{ev: ev}
	if pretty {
		s.indent = "\n"
	}
	if err := s.value(v, 0); err != nil {
		return "", err
	}
	return string(s.dst), ev.makeText(len(s.dst))
}

// appendNumber appends a number as JavaScript prints it after toPrecision(15).
func appendNumber(dst []byte, f float64) []byte {
	if a := math.Abs(f); a < 1e15 && a == math.Trunc(a) {
		return value.AppendFloat(dst, f)
	}
	var buf [32]byte
	rounded, err := strconv.ParseFloat(string(strconv.AppendFloat(buf[:0], f, 'e', 14, 64)), 64)
	if err != nil {
		rounded = f
	}
	return value.AppendFloat(dst, rounded)
}

type stringifier struct {
	ev     *evaluation
	dst    []byte
	indent string // a new line and two blanks for each level, or empty
}

func (s *stringifier) value(v value.Value, depth int) *Error {
	switch v.Kind() {
	case value.KindNumber:
		f, _, err := number(v)
		if err != nil {
			return err
		}
		if f != f {
			s.dst = append(s.dst, "null"...)
		} else {
			s.dst = appendNumber(s.dst, f)
		}
		return nil
	case value.KindList:
		return s.list(v.Items(), depth)
	case value.KindObject:
		return s.object(v.Members(), depth)
	}
	s.dst = v.AppendJSON(s.dst)
	return nil
}

// more asks whether the text has become too long.
func (s *stringifier) more() *Error {
	if len(s.dst) > s.ev.limits.Text {
		return overBudget(memoryMessage)
	}
	return nil
}

// enter opens a list or an object.
func (s *stringifier) enter(open byte, n, depth int) *Error {
	if depth > maxNesting {
		return overBudget(memoryMessage)
	}
	s.dst = append(s.dst, open)
	if s.indent != "" {
		s.indent += "  "
	}
	return s.ev.spend(n)
}

func (s *stringifier) leave(end byte, n int) {
	if s.indent != "" {
		s.indent = s.indent[:len(s.indent)-2]
		if n > 0 {
			s.dst = append(s.dst, s.indent...)
		}
	}
	s.dst = append(s.dst, end)
}

func (s *stringifier) list(items []value.Value, depth int) *Error {
	if err := s.enter('[', len(items), depth); err != nil {
		return err
	}
	for i := range items {
		if i > 0 {
			s.dst = append(s.dst, ',')
		}
		s.dst = append(s.dst, s.indent...)
		if err := s.value(items[i], depth+1); err != nil {
			return err
		}
		if err := s.more(); err != nil {
			return err
		}
	}
	s.leave(']', len(items))
	return nil
}

func (s *stringifier) object(members []value.Member, depth int) *Error {
	if err := s.enter('{', len(members), depth); err != nil {
		return err
	}
	for i := range members {
		if i > 0 {
			s.dst = append(s.dst, ',')
		}
		s.dst = append(s.dst, s.indent...)
		s.dst = value.AppendString(s.dst, members[i].Key)
		s.dst = append(s.dst, ':')
		if s.indent != "" {
			s.dst = append(s.dst, ' ')
		}
		if err := s.value(members[i].Value, depth+1); err != nil {
			return err
		}
		if err := s.more(); err != nil {
			return err
		}
	}
	s.leave('}', len(members))
	return nil
}
