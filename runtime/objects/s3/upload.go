package s3

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// partSize is the size of the parts of an upload: 10,000 of them are more than a
// result file may be.
const partSize = 8 << 20

// upload is an object that is being written.
type upload struct {
	ctx         context.Context
	client      Client
	bucket, key string
	buffer      bytes.Buffer
	id          *string // nil: no part has been uploaded
	parts       []types.CompletedPart
	failed      error
}

// Write uploads what is a part.
func (u *upload) Write(p []byte) (int, error) {
	if u.failed != nil {
		return 0, u.failed
	}
	n, _ := u.buffer.Write(p)
	for u.buffer.Len() >= partSize {
		if u.failed = u.part(u.buffer.Next(partSize)); u.failed != nil {
			u.abort()
			return 0, u.failed
		}
	}
	return n, nil
}

// part uploads one part, after it has begun the upload.
func (u *upload) part(b []byte) error {
	if u.id == nil {
		out, err := u.client.CreateMultipartUpload(u.ctx, &s3.CreateMultipartUploadInput{Bucket: &u.bucket, Key: &u.key})
		if err != nil {
			return failed(err)
		}
		u.id = out.UploadId
	}
	number := aws.Int32(int32(len(u.parts) + 1))
	out, err := u.client.UploadPart(u.ctx, &s3.UploadPartInput{
		Bucket: &u.bucket, Key: &u.key, UploadId: u.id, PartNumber: number, Body: bytes.NewReader(b),
	})
	if err != nil {
		return failed(err)
	}
	u.parts = append(u.parts, types.CompletedPart{
		PartNumber: number, ETag: out.ETag, ChecksumCRC32: out.ChecksumCRC32, ChecksumCRC32C: out.ChecksumCRC32C,
		ChecksumCRC64NVME: out.ChecksumCRC64NVME, ChecksumSHA1: out.ChecksumSHA1, ChecksumSHA256: out.ChecksumSHA256,
	})
	return nil
}

// Close puts the object where others see it.
func (u *upload) Close() error {
	if u.failed != nil {
		return u.failed
	}
	if u.id == nil {
		_, err := u.client.PutObject(u.ctx, &s3.PutObjectInput{Bucket: &u.bucket, Key: &u.key, Body: bytes.NewReader(u.buffer.Bytes())})
		u.failed = failed(err)
		return u.failed
	}
	if u.buffer.Len() > 0 {
		u.failed = u.part(u.buffer.Bytes())
	}
	if u.failed == nil {
		_, err := u.client.CompleteMultipartUpload(u.ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &u.bucket, Key: &u.key, UploadId: u.id, MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
		})
		u.failed = failed(err)
	}
	if u.failed != nil {
		u.abort()
	}
	return u.failed
}

// abort takes back what was uploaded: parts cost money until then.
func (u *upload) abort() {
	if u.id == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(u.ctx), abortWithin)
	defer cancel()
	u.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: &u.bucket, Key: &u.key, UploadId: u.id})
}
