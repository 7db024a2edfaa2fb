package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
)

// A Folder is a [Store] of files: the object k of bucket b is the file b/k. No
// key leads out of the folder, not even through a symbolic link.
type Folder struct{ root *os.Root }

// OpenFolder returns the store in an existing folder. Close it after use.
func OpenFolder(dir string) (*Folder, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("objects: %w", err)
	}
	return &Folder{root}, nil
}

// Close releases the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Open implements [Store].
func (f *Folder) Open(_ context.Context, bucket, key string) (io.ReadCloser, error) {
	file, err := f.root.Open(path.Join(bucket, key))
	if err != nil {
		return nil, failed(bucket, key, err)
	}
	return file, nil
}

// Create implements [Store]: what is written becomes visible at Close.
func (f *Folder) Create(_ context.Context, bucket, key string) (io.WriteCloser, error) {
	name := path.Join(bucket, key)
	if err := f.root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return nil, failed(bucket, key, err)
	}
	file, err := f.root.Create(name + ".part")
	if err != nil {
		return nil, failed(bucket, key, err)
	}
	return &upload{file, f.root, name}, nil
}

// An upload is a file that gets its name when it is whole.
type upload struct {
	*os.File
	root *os.Root
	name string
}

func (u *upload) Close() error {
	if err := u.File.Close(); err != nil {
		return fmt.Errorf("objects: %w", err)
	}
	if err := u.root.Rename(u.name+".part", u.name); err != nil {
		return fmt.Errorf("objects: %w", err)
	}
	return nil
}

// List implements [Store].
func (f *Folder) List(_ context.Context, bucket, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		list, err := f.list(bucket, prefix)
		if err != nil {
			yield(Object{}, failed(bucket, prefix, err))
			return
		}
		for _, o := range list {
			if !yield(o, nil) {
				return
			}
		}
	}
}

// list walks through the whole bucket: the order of folders is not that of
// keys.
func (f *Folder) list(bucket, prefix string) ([]Object, error) {
	var list []Object
	err := fs.WalkDir(f.root.FS(), bucket, func(name string, d fs.DirEntry, err error) error {
		key := strings.TrimPrefix(name, bucket+"/")
		if err != nil || d.IsDir() || !strings.HasPrefix(key, prefix) || strings.HasSuffix(key, ".part") {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		list = append(list, Object{Key: key, Size: info.Size(), LastModified: info.ModTime(), StorageClass: "STANDARD"})
		return nil
	})
	slices.SortFunc(list, func(a, b Object) int { return strings.Compare(a.Key, b.Key) })
	return list, err
}

func failed(bucket, key string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("objects: s3://%s/%s: %w", bucket, key, ErrNotFound)
	}
	return fmt.Errorf("objects: s3://%s/%s: %w", bucket, key, err)
}
