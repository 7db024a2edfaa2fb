package jsonpath

// An arrayReader reads the numbers and colons of an array operator as Jayway's
// PathComponentAnalyzer does: blanks count for nothing, the first colon decides,
// and a third number is read and ignored.
type arrayReader struct {
	f       string
	i       int
	digits  []byte
	numbers []int
	from    bool // [1:]
	to      bool // [:1]
	between bool // [1:2]
	list    bool // [1,2]
}

func (p *parser) array(f string, i, at int) error {
	r := &arrayReader{f: f, i: i}
	if err := r.read(p, at); err != nil {
		return err
	}
	s := step{numbers: r.numbers}
	switch {
	case len(r.numbers) == 1 && !r.to && !r.from:
		s.kind = index
	case r.list:
		s.kind = indices
	case r.from:
		s.kind = sliceFrom
	case r.to:
		s.kind = sliceTo
	case r.between:
		s.kind = slice
	default:
		return p.fail(at, "cannot make sense of %s", f)
	}
	p.add(s)
	return nil
}

func (r *arrayReader) read(p *parser, at int) error {
	for ; r.i < len(r.f) && r.f[r.i] != ']'; r.i++ {
		var err error
		switch c := r.f[r.i]; {
		case c == ' ':
		case c == ':':
			err = r.colon(p, at)
		case c == ',':
			r.list = true
			err = r.flush(p, at)
		case digit(c) || c == '-':
			r.digits = append(r.digits, c)
		default:
			return r.last(p, at)
		}
		if err != nil {
			return err
		}
		if r.i < len(r.f) && r.f[r.i] == ']' {
			break
		}
	}
	if r.i >= len(r.f) {
		return p.fail(at, "a bracket without its end")
	}
	return r.last(p, at)
}

// colon reads the colon of a slice with what follows, up to the character that
// stops it, which is skipped.
func (r *arrayReader) colon(p *parser, at int) error {
	tail := len(r.digits) == 0
	if tail {
		r.to = true
	} else if err := r.flush(p, at); err != nil {
		return err
	}
	for r.i++; r.i < len(r.f); r.i++ {
		c := r.f[r.i]
		if digit(c) || c == '-' {
			r.digits = append(r.digits, c)
		} else if c != ' ' {
			break
		}
	}
	switch {
	case tail:
	case len(r.digits) == 0:
		r.from = true
		return nil
	default:
		r.between = true
	}
	return r.flush(p, at)
}

func (r *arrayReader) flush(p *parser, at int) error {
	n, err := p.number(string(r.digits), at)
	if err != nil {
		return err
	}
	r.numbers = append(r.numbers, n)
	r.digits = r.digits[:0]
	return nil
}

func (r *arrayReader) last(p *parser, at int) error {
	if len(r.digits) == 0 {
		return nil
	}
	return r.flush(p, at)
}
