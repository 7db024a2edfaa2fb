package value

import (
	"strings"
	"sync"
	"sync/atomic"
)

// A Doc is a whole document. One that came as text keeps it, white space and
// all, and is parsed when somebody first looks into it; one that was made is
// encoded when somebody first wants its text. A Doc is immutable and safe for
// concurrent use.
type Doc struct {
	mu      sync.Mutex
	hasText atomic.Bool
	hasTree atomic.Bool
	text    string
	tree    Value
	parts   []*Doc // of a list that was joined, until it is text
}

// ParseDoc checks that text is JSON and returns its document. The error is a
// [*SyntaxError].
func ParseDoc(text string) (*Doc, error) {
	text = wellFormed(text)
	if err := Valid(text); err != nil {
		return nil, err
	}
	return textDoc(text), nil
}

func textDoc(text string) *Doc {
	d := &Doc{text: text}
	d.hasText.Store(true)
	return d
}

// DocOf returns the document of a value, whose text is compact. An undefined
// value is null.
func DocOf(v Value) *Doc {
	if v.IsUndefined() {
		v = Null()
	}
	d := &Doc{tree: v}
	d.hasTree.Store(true)
	return d
}

// JoinDocs returns the list of the documents. Its text is theirs, joined by
// commas.
func JoinDocs(docs []*Doc) *Doc { return &Doc{parts: docs} }

// Text returns the document as JSON text.
func (d *Doc) Text() string {
	if d.hasText.Load() {
		return d.text
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.hasText.Load() {
		d.text = d.encode()
		d.hasText.Store(true)
	}
	return d.text
}

func (d *Doc) encode() string {
	if d.parts == nil && d.hasTree.Load() {
		return d.tree.text()
	}
	var b strings.Builder
	b.Grow(d.joinedSize())
	b.WriteByte('[')
	for i, part := range d.parts {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(part.Text())
	}
	b.WriteByte(']')
	return b.String()
}

func (d *Doc) joinedSize() int {
	size := 2 + max(0, len(d.parts)-1)
	for _, part := range d.parts {
		size += part.Size()
	}
	return size
}

// Size returns the length of the text in bytes.
func (d *Doc) Size() int {
	if !d.hasText.Load() && d.parts != nil {
		return d.joinedSize()
	}
	return len(d.Text())
}

// Value returns the document's value, which is never undefined.
func (d *Doc) Value() Value {
	if d.hasTree.Load() {
		return d.tree
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.hasTree.Load() {
		d.tree = d.decode()
		d.hasTree.Store(true)
	}
	return d.tree
}

func (d *Doc) decode() Value {
	if d.parts == nil && d.hasText.Load() {
		v, err := Parse(d.text)
		if err != nil {
			panic("value: the text of a Doc is not what was checked: " + err.Error())
		}
		return v
	}
	items := make([]Value, len(d.parts))
	for i, part := range d.parts {
		items[i] = part.Value()
	}
	return List(items...)
}

// String returns the text.
func (d *Doc) String() string { return d.Text() }
