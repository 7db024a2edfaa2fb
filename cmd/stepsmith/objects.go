package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/config"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/objects/s3"
)

// amazonS3 is what --objects says in place of a folder for Amazon S3 itself.
const amazonS3 = "s3://"

// openObjects opens what --objects names; nil for nothing. release frees it.
func openObjects(ctx context.Context, name string) (o objects.Store, release func(), err error) {
	switch {
	case name == "":
		return nil, func() {}, nil
	case name == amazonS3:
		c, err := config.LoadDefaultConfig(ctx)
		if err != nil {
			return nil, nil, fmt.Errorf("--objects %s: %w", name, err)
		}
		if c.Region == "" {
			return nil, nil, fmt.Errorf("--objects %s needs the region of the buckets: set AWS_REGION", name)
		}
		return s3.New(awss3.NewFromConfig(c)), func() {}, nil
	case strings.HasPrefix(name, amazonS3):
		return nil, nil, fmt.Errorf("--objects %s: say %s for Amazon S3; its buckets are named by the definition", name, amazonS3)
	}
	folder, err := objects.OpenFolder(name)
	if err != nil {
		return nil, nil, fmt.Errorf("--objects: %w", err)
	}
	return folder, func() { folder.Close() }, nil
}
