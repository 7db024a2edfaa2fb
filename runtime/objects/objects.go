// Package objects is where distributed Map states find their items and put
// their results: buckets of objects under keys, in a small interface. A [Folder]
// keeps them as files.
package objects

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"
)

// ErrNotFound says that there is no such object or bucket, to be tested with
// errors.Is.
var ErrNotFound = errors.New("no such object")

// A Store holds objects. Its methods may be called by several goroutines at the
// same time.
type Store interface {
	// Open returns the content of an object. The caller closes it.
	Open(ctx context.Context, bucket, key string) (io.ReadCloser, error)
	// Create returns a writer for the content of an object, which replaces the
	// one that was there when the writer is closed.
	Create(ctx context.Context, bucket, key string) (io.WriteCloser, error)
	// List returns the objects whose keys begin with prefix, in the order of the
	// keys. It ends after the first error.
	List(ctx context.Context, bucket, prefix string) iter.Seq2[Object, error]
}

// An Object describes one object, as ListObjectsV2 does.
type Object struct {
	Key          string
	Size         int64
	ETag         string // with its quotes; may be empty
	LastModified time.Time
	StorageClass string
}
