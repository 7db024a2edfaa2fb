package maprun

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// Items is a stream of items.
type Items interface {
	// Next returns the next item and where it came from, as Map.Item.Source
	// tells it; io.EOF after the last.
	Next() (item value.Value, source string, err error)
	// Close ends the stream.
	Close()
}

var errNoStore = errors.New("there is no object store: set Options.Objects (stepsmith run: --objects DIR) to run a distributed Map state that reads or writes objects")

// open finds the items of a run.
func open(ctx context.Context, c *interp.StartMapRun, store objects.Store) (Items, error) {
	if c.Items != nil {
		return &list{items: c.Items.Value().Items()}, nil
	}
	r := c.Map.Distributed.Reader
	if c.MaxItems < 0 {
		return nil, errors.New("field MaxItems must be positive")
	}
	if store == nil {
		return nil, errNoStore
	}
	s := &source{ctx: ctx, store: store, config: r.Config}
	parameters := c.Reader.Value()
	s.bucket, _ = parameters.Get("Bucket").Str()
	key, _ := parameters.Get("Key").Str()
	var items Items
	var err error
	if strings.HasSuffix(r.Resource, ":listObjectsV2") {
		prefix, _ := parameters.Get("Prefix").Str()
		items = s.objects(prefix)
	} else {
		items, err = s.object(key)
	}
	if err == nil && c.MaxItems > 0 {
		items = &first{items, c.MaxItems}
	}
	return items, err
}

// list is a stream of items that are there.
type list struct {
	items []value.Value
	at    int
}

func (l *list) Next() (value.Value, string, error) {
	if l.at == len(l.items) {
		return value.Value{}, "", io.EOF
	}
	l.at++
	return l.items[l.at-1], "STATE_DATA", nil
}

func (l *list) Close()   {}
func (l *list) Len() int { return len(l.items) }

// first is the beginning of a stream.
type first struct {
	Items
	left int64
}

func (f *first) Next() (value.Value, string, error) {
	if f.left == 0 {
		return value.Value{}, "", io.EOF
	}
	f.left--
	return f.Items.Next()
}

// A source makes streams of the objects of a store.
type source struct {
	ctx    context.Context
	store  objects.Store
	config asl.ReaderConfig
	bucket string
}

// object is the stream of the items in one object.
func (s *source) object(key string) (Items, error) {
	switch s.config.InputType {
	case "MANIFEST":
		return s.manifest(key)
	case "PARQUET":
		return nil, errors.New("PARQUET is not supported here; supported are CSV, JSON, JSONL and MANIFEST")
	}
	if s.config.ManifestType != "" {
		return s.manifest(key)
	}
	return s.data(s.bucket, key, s.config.CSVHeaders)
}

// data is the stream of the items in an object of data; headers are those of a
// CSV without a header row.
func (s *source) data(bucket, key string, headers []string) (Items, error) {
	content, err := s.store.Open(s.ctx, bucket, key)
	if err != nil {
		return nil, err
	}
	text, err := uncompressed(content)
	if err != nil {
		content.Close()
		return nil, err
	}
	o := object{content, "S3://" + bucket + "/" + key}
	var items Items
	switch s.config.InputType {
	case "CSV", "MANIFEST":
		items, err = newTable(o, text, s.config, headers)
	case "JSONL":
		items = &lines{o, text}
	case "JSON", "":
		items, err = newArray(o, text, s.config.ItemsPointer)
	default:
		err = fmt.Errorf("the InputType %s is not supported here; supported are CSV, JSON, JSONL and MANIFEST", s.config.InputType)
	}
	if err != nil {
		content.Close()
		return nil, err
	}
	return items, nil
}

// An object is an open object with its name.
type object struct {
	content io.Closer
	name    string
}

func (o object) Close() { o.content.Close() }

// uncompressed reads through GZIP when the content is compressed by it.
func uncompressed(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	magic, _ := b.Peek(4)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		return bufio.NewReaderSize(z, 64<<10), nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return nil, errors.New("ZSTD compression is not supported here; supported is GZIP")
	}
	return b, nil
}

// lines are JSON Lines.
type lines struct {
	object
	text *bufio.Reader
}

func (l *lines) Next() (value.Value, string, error) {
	for {
		line, err := l.text.ReadString('\n')
		if strings.TrimSpace(line) != "" {
			v, err := value.Parse(line)
			return v, l.name, err
		}
		if err != nil {
			return value.Value{}, "", err
		}
	}
}
