package objects

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory is a [Store] that lives in the program, for tests. The zero Memory is
// empty and ready to use.
type Memory struct {
	mu      sync.Mutex
	objects map[[2]string][]byte
}

// Put stores an object.
func (m *Memory) Put(bucket, key string, content []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.objects == nil {
		m.objects = map[[2]string][]byte{}
	}
	m.objects[[2]string{bucket, key}] = content
}

// Open implements [Store].
func (m *Memory) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	content, ok := m.objects[[2]string{bucket, key}]
	if !ok {
		return nil, failed(bucket, key, ErrNotFound)
	}
	return io.NopCloser(bytes.NewReader(content)), nil
}

// Create implements [Store].
func (m *Memory) Create(_ context.Context, bucket, key string) (io.WriteCloser, error) {
	return &buffer{memory: m, bucket: bucket, key: key}, nil
}

type buffer struct {
	bytes.Buffer
	memory      *Memory
	bucket, key string
}

func (b *buffer) Close() error {
	b.memory.Put(b.bucket, b.key, b.Bytes())
	return nil
}

// describe describes an object; its ETag is the MD5 of the content, as that of
// Amazon S3.
func (m *Memory) describe(k [2]string) Object {
	return Object{
		Key: k[1], Size: int64(len(m.objects[k])), ETag: fmt.Sprintf("\"%x\"", md5.Sum(m.objects[k])),
		LastModified: time.Unix(0, 0), StorageClass: "STANDARD",
	}
}

// List implements [Store].
func (m *Memory) List(_ context.Context, bucket, prefix string) iter.Seq2[Object, error] {
	m.mu.Lock()
	defer m.mu.Unlock()
	keys := slices.SortedFunc(maps.Keys(m.objects), func(a, b [2]string) int { return strings.Compare(a[1], b[1]) })
	var list []Object
	for _, k := range keys {
		if k[0] == bucket && strings.HasPrefix(k[1], prefix) {
			list = append(list, m.describe(k))
		}
	}
	return func(yield func(Object, error) bool) {
		for _, o := range list {
			if !yield(o, nil) {
				return
			}
		}
	}
}
