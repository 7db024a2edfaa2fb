package dsl

import "github.com/stepsmith-dev/stepsmith/dsl/spec"

// A Reader reads the items of a distributed [Map] from Amazon S3. Its methods
// return changed copies.
type Reader[T any] struct {
	record spec.Reader
}

func (r Reader[T]) items(T) (*spec.Expr, *spec.Reader) { return nil, &r.record }

// An Object is an object in a bucket, as [Objects] lists them.
type Object struct {
	Key          String `json:"Key"`
	ETag         String `json:"Etag"`
	Size         Int    `json:"Size"`
	LastModified Int    `json:"LastModified"` // seconds since 1970
	StorageClass String `json:"StorageClass"`
}

// CSV reads a file of comma-separated values, whose first row has the names of
// the columns: the JSON names of T's fields. Everything in such a file is text;
// an Int, Float or Bool of T is converted, and an empty text is an Optional that
// is null.
//
//go:noinline
func CSV[T any](bucket, key String) Reader[T] { return file[T](spec.CSV, bucket, key) }

// JSONArray reads a file with a list.
//
//go:noinline
func JSONArray[T any](bucket, key String) Reader[T] { return file[T](spec.JSONList, bucket, key) }

// JSONLines reads a file with a document on each line.
//
//go:noinline
func JSONLines[T any](bucket, key String) Reader[T] { return file[T](spec.JSONLines, bucket, key) }

// Parquet reads a Parquet file.
//
//go:noinline
func Parquet[T any](bucket, key String) Reader[T] { return file[T](spec.Parquet, bucket, key) }

// Inventory reads the objects that an S3 inventory lists; key is its
// manifest.json. T has the inventory's columns.
//
//go:noinline
func Inventory[T any](bucket, key String) Reader[T] { return file[T](spec.Inventory, bucket, key) }

// Objects lists the objects of a bucket whose keys begin with prefix.
//
//go:noinline
func Objects(bucket, prefix String) Reader[Object] {
	r := file[Object](spec.Objects, bucket, prefix)
	r.record.Key, r.record.Prefix = nil, r.record.Key
	return r
}

func file[T any](format spec.Format, bucket, key String) Reader[T] {
	pos, text := here(), typeFor(goType[String]())
	return Reader[T]{spec.Reader{
		Format: format, Row: typeFor(goType[T]()),
		Bucket: given(bucket.e, text, "the bucket", pos), Key: given(key.e, text, "the key", pos),
	}}
}

// Delimiter sets what separates the columns of a CSV file: COMMA, PIPE,
// SEMICOLON, SPACE or TAB.
func (r Reader[T]) Delimiter(name string) Reader[T] {
	r.record.Delimiter = name
	return r
}

// Headers names the columns of a CSV file that has no row with their names.
func (r Reader[T]) Headers(names ...string) Reader[T] {
	r.record.Headers = append([]string(nil), names...)
	return r
}

// At says where in a JSON file the list is, by a JSON pointer: "/orders/items".
func (r Reader[T]) At(pointer string) Reader[T] {
	r.record.Pointer = pointer
	return r
}

// MaxItems reads only the first items.
func (r Reader[T]) MaxItems(n int) Reader[T] {
	r.record.MaxItems = n
	return r
}
