package s3

import (
	"context"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// maxBreaks is how often a connection may break before anything has been read.
const maxBreaks = 5

// content streams an object.
type content struct {
	ctx         context.Context
	client      Client
	bucket, key string
	etag        *string
	body        io.ReadCloser
	at, left    int64 // bytes
	breaks      int   // since something was read
}

// Read reads on after the connection has broken.
func (c *content) Read(p []byte) (int, error) {
	for {
		n, err := c.body.Read(p)
		c.at += int64(n)
		c.left -= int64(n)
		if n > 0 {
			c.breaks = 0
		}
		switch {
		case err == nil, err == io.EOF && c.left <= 0:
			return n, err
		case n > 0:
			return n, nil // the next call finds out
		case c.ctx.Err() != nil || c.breaks == maxBreaks:
			return 0, failed(err)
		}
		c.breaks++
		if err := c.reopen(); err != nil {
			return 0, err
		}
	}
}

// reopen asks for the rest of the same object.
func (c *content) reopen() error {
	c.body.Close()
	from := fmt.Sprintf("bytes=%d-", c.at)
	out, err := c.client.GetObject(c.ctx, &s3.GetObjectInput{Bucket: &c.bucket, Key: &c.key, Range: &from, IfMatch: c.etag})
	if err != nil {
		return failed(err)
	}
	c.body = out.Body
	return nil
}

// Close ends the stream.
func (c *content) Close() error { return c.body.Close() }
