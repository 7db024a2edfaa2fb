// Package s3 keeps objects in Amazon S3, or in what speaks its protocol. It is the
// only package that links the AWS SDK: a program that wants it imports it.
//
//	config, err := config.LoadDefaultConfig(ctx)
//	…
//	engine, err := runtime.New(runtime.Options{Objects: s3.New(awss3.NewFromConfig(config))})
package s3

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// Client are the requests that a [Store] makes; *s3.Client of the AWS SDK has
// them.
type Client interface {
	s3.ListObjectsV2APIClient
	GetObject(context.Context, *s3.GetObjectInput, ...func(*s3.Options)) (*s3.GetObjectOutput, error)
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
	CreateMultipartUpload(context.Context, *s3.CreateMultipartUploadInput, ...func(*s3.Options)) (*s3.CreateMultipartUploadOutput, error)
	UploadPart(context.Context, *s3.UploadPartInput, ...func(*s3.Options)) (*s3.UploadPartOutput, error)
	CompleteMultipartUpload(context.Context, *s3.CompleteMultipartUploadInput, ...func(*s3.Options)) (*s3.CompleteMultipartUploadOutput, error)
	AbortMultipartUpload(context.Context, *s3.AbortMultipartUploadInput, ...func(*s3.Options)) (*s3.AbortMultipartUploadOutput, error)
}

// Store is an [objects.Store] of buckets of Amazon S3. Make one with [New].
type Store struct{ client Client }

var _ objects.Store = (*Store)(nil)

// New returns the store of a client, whose credentials and region are its own
// affair. Its errors are of type [*Error].
func New(client Client) *Store { return &Store{client} }

// Open implements [objects.Store]. The content is streamed. A map run reads it as
// slowly as its children end, so that the connection may break in between: then
// it is read on from where it was, provided that the object is still the same.
func (s *Store) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return nil, failed(err)
	}
	return &content{ctx: ctx, client: s.client, bucket: bucket, key: key, body: out.Body, etag: out.ETag, left: aws.ToInt64(out.ContentLength)}, nil
}

// List implements [objects.Store].
func (s *Store) List(ctx context.Context, bucket, prefix string) iter.Seq2[objects.Object, error] {
	return func(yield func(objects.Object, error) bool) {
		pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &prefix})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(objects.Object{}, failed(err))
				return
			}
			for i := range page.Contents {
				o := &page.Contents[i]
				if !yield(objects.Object{
					Key: aws.ToString(o.Key), Size: aws.ToInt64(o.Size), ETag: aws.ToString(o.ETag),
					LastModified: aws.ToTime(o.LastModified), StorageClass: string(o.StorageClass),
				}, nil) {
					return
				}
			}
		}
	}
}

// Create implements [objects.Store]. What is written is uploaded in parts of 8
// MiB, at once if it is less, and the object is there when Close has returned.
func (s *Store) Create(ctx context.Context, bucket, key string) (io.WriteCloser, error) {
	return &upload{ctx: ctx, client: s.client, bucket: bucket, key: key}, nil
}

// abortWithin is how long the end of an upload that failed may take.
const abortWithin = 10 * time.Second
