package maprun

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// objects is the stream of the objects under a prefix: their descriptions, or
// with LOAD_AND_FLATTEN the items in them.
func (s *source) objects(prefix string) Items {
	next, stop := iter.Pull2(s.store.List(s.ctx, s.bucket, prefix))
	listed := func() (objects.Object, error) {
		o, err, ok := next()
		if !ok {
			return o, io.EOF
		}
		return o, err
	}
	if s.config.Transformation != "LOAD_AND_FLATTEN" {
		return &descriptions{listed, stop, "S3://" + s.bucket}
	}
	return &chain{stop: stop, open: func() (Items, error) {
		o, err := listed()
		if err != nil {
			return nil, err
		}
		return s.data(s.bucket, o.Key, s.config.CSVHeaders)
	}}
}

// descriptions is a stream of what is known about objects.
type descriptions struct {
	next func() (objects.Object, error)
	stop func()
	name string
}

func (d *descriptions) Close() { d.stop() }

func (d *descriptions) Next() (value.Value, string, error) {
	o, err := d.next()
	if err != nil {
		return value.Value{}, "", err
	}
	return value.Object(
		value.Member{Key: "Etag", Value: value.String(o.ETag)},
		value.Member{Key: "Key", Value: value.String(o.Key)},
		value.Member{Key: "LastModified", Value: value.Int(o.LastModified.Unix())},
		value.Member{Key: "Size", Value: value.Int(o.Size)},
		value.Member{Key: "StorageClass", Value: value.String(o.StorageClass)},
	), d.name, nil
}

// A chain is the streams of several objects, one after the other.
type chain struct {
	open    func() (Items, error) // the next stream, or io.EOF
	stop    func()
	current Items
}

func (c *chain) Close() {
	if c.current != nil {
		c.current.Close()
	}
	c.stop()
}

func (c *chain) Next() (value.Value, string, error) {
	for {
		if c.current == nil {
			items, err := c.open()
			if err != nil {
				return value.Value{}, "", err
			}
			c.current = items
		}
		v, name, err := c.current.Next()
		if !errors.Is(err, io.EOF) {
			return v, name, err
		}
		c.current.Close()
		c.current = nil
	}
}

// manifest is the stream of the items in the objects that a manifest lists: an
// inventory of Amazon S3 (manifest.json), or with ATHENA_DATA a list of URIs.
func (s *source) manifest(key string) (Items, error) {
	content, err := s.store.Open(s.ctx, s.bucket, key)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	text, err := uncompressed(content)
	if err != nil {
		return nil, err
	}
	all, err := io.ReadAll(text)
	if err != nil {
		return nil, err
	}
	if s.config.ManifestType == "ATHENA_DATA" {
		return s.athena(strings.Fields(string(all))), nil
	}
	m, err := value.Parse(string(all))
	if err != nil {
		return nil, fmt.Errorf("the manifest %s: %w", key, err)
	}
	return s.inventory(m)
}

func (s *source) athena(uris []string) Items {
	return &chain{stop: func() {}, open: func() (Items, error) {
		if len(uris) == 0 {
			return nil, io.EOF
		}
		uri := uris[0]
		uris = uris[1:]
		bucket, key, ok := strings.Cut(strings.TrimPrefix(strings.ToLower(uri[:min(len(uri), 5)])+uri[min(len(uri), 5):], "s3://"), "/")
		if !ok {
			return nil, fmt.Errorf("the manifest names %q, which is no object", uri)
		}
		return s.data(bucket, key, s.config.CSVHeaders)
	}}
}

func (s *source) inventory(m value.Value) (Items, error) {
	if format, _ := m.Get("fileFormat").Str(); format != "CSV" {
		return nil, fmt.Errorf("inventories in the format %s are not supported here; supported is CSV", m.Get("fileFormat"))
	}
	schema, _ := m.Get("fileSchema").Str()
	headers := strings.Split(schema, ",")
	for i := range headers {
		headers[i] = strings.TrimSpace(headers[i])
	}
	bucket, _ := m.Get("destinationBucket").Str()
	bucket = bucket[strings.LastIndexByte(bucket, ':')+1:]
	files := m.Get("files").Items()
	return &chain{stop: func() {}, open: func() (Items, error) {
		if len(files) == 0 {
			return nil, io.EOF
		}
		key, _ := files[0].Get("key").Str()
		files = files[1:]
		return s.data(bucket, key, headers)
	}}, nil
}
