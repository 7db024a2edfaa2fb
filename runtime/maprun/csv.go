package maprun

import (
	"bufio"
	"errors"
	"io"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var delimiters = map[string]byte{"": ',', "COMMA": ',', "PIPE": '|', "SEMICOLON": ';', "SPACE": ' ', "TAB": '\t'}

// maxHeaders is the limit of all headers together, in bytes.
const maxHeaders = 10 << 10

// A table is the stream of the rows of a CSV file, each an object of strings
// with its members in the order of a Java HashMap of the headers.
type table struct {
	object
	text      *bufio.Reader
	delimiter byte
	columns   []column
	cells     []string
}

// A column is a header with its place in the rows.
type column struct {
	header string
	at     int
}

// newTable begins a table. Headers are given, or else are the first row.
func newTable(o object, text *bufio.Reader, config asl.ReaderConfig, headers []string) (*table, error) {
	t := &table{object: o, text: text, delimiter: delimiters[config.CSVDelimiter]}
	if t.delimiter == 0 {
		return nil, errors.New("unknown CSVDelimiter " + config.CSVDelimiter)
	}
	if mark, _ := text.Peek(3); string(mark) == "\xEF\xBB\xBF" {
		_, _ = text.Discard(3)
	}
	if len(headers) == 0 {
		if err := t.row(); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		headers = t.cells
	}
	seen, size := map[string]bool{}, 0
	for i, h := range headers {
		if seen[h] {
			return nil, errors.New("CSV headers cannot contain duplicates.")
		}
		seen[h] = true
		size += len(h)
		t.columns = append(t.columns, column{strings.Clone(h), i})
	}
	if size > maxHeaders {
		return nil, errors.New("CSV headers exceed the limit of 10 KiB.")
	}
	value.HashOrder(t.columns, func(c column) string { return c.header })
	return t, nil
}

// Next returns the next row. What a row has too much is dropped, what it lacks
// is empty.
func (t *table) Next() (value.Value, string, error) {
	if err := t.row(); err != nil {
		return value.Value{}, "", err
	}
	members := make([]value.Member, len(t.columns))
	for i, c := range t.columns {
		members[i].Key = c.header
		cell := ""
		if c.at < len(t.cells) {
			cell = t.cells[c.at]
		}
		members[i].Value = value.String(cell)
	}
	return value.Object(members...), t.name, nil
}

// row reads the cells of the next row.
func (t *table) row() error {
	t.cells = nil
	if _, err := t.text.Peek(1); err != nil {
		return err
	}
	for {
		cell, more, err := t.cell()
		if err != nil {
			return err
		}
		t.cells = append(t.cells, cell)
		if !more {
			return nil
		}
	}
}

// cell reads one cell; more is false after the last of its row. A backslash
// takes its meaning from a backslash, a quote or the delimiter; before any other
// character it is dropped.
func (t *table) cell() (cell string, more bool, err error) {
	var b []byte
	quoted, start := false, true
	for {
		c, err := t.text.ReadByte()
		if errors.Is(err, io.EOF) {
			return string(b), false, nil
		}
		if err != nil {
			return "", false, err
		}
		switch {
		case c == '\\':
			next, err := t.text.ReadByte()
			if err != nil {
				return string(b), false, nil
			}
			b = append(b, next)
		case c == '"' && start:
			quoted = true
		case c == '"' && quoted:
			if next, _ := t.text.Peek(1); len(next) == 1 && next[0] == '"' {
				_, _ = t.text.Discard(1)
				b = append(b, '"')
			} else {
				quoted = false
			}
		case quoted:
			b = append(b, c)
		case c == t.delimiter:
			return string(b), true, nil
		case c == '\n':
			return strings.TrimSuffix(string(b), "\r"), false, nil
		default:
			b = append(b, c)
		}
		start = false
	}
}
