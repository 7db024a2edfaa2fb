package s3

import (
	"errors"
	"fmt"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// An Error is what Amazon S3 refused, in the words of Step Functions.
type Error struct {
	// Name is how a Step Functions task would call the error, such as
	// S3.NoSuchKeyException; S3.S3Exception when it has no name of its own.
	Name string
	// Cause is the service's message, with the status and the ids of the request.
	Cause string

	err error
}

// Error returns the name and the cause.
func (e *Error) Error() string { return e.Name + ": " + e.Cause }

// Unwrap returns the SDK's error.
func (e *Error) Unwrap() error { return e.err }

// Is reports whether the target is [objects.ErrNotFound] and the object or the
// bucket does not exist.
func (e *Error) Is(target error) bool {
	return target == objects.ErrNotFound && (e.Name == "S3.NoSuchKeyException" || e.Name == "S3.NoSuchBucketException")
}

// modelled are the errors of the API that have names of their own.
var modelled = map[string]bool{
	"NoSuchKey": true, "NoSuchBucket": true, "NoSuchUpload": true, "InvalidObjectState": true, "InvalidRequest": true,
	"EncryptionTypeMismatch": true, "InvalidWriteOffset": true, "TooManyParts": true,
}

// failed makes an [*Error] of what the SDK returned; other errors, such as those
// of a connection, stay as they are.
func failed(err error) error {
	var api smithy.APIError
	if !errors.As(err, &api) {
		if err != nil {
			err = fmt.Errorf("s3: %w", err)
		}
		return err
	}
	e := &Error{Name: "S3.S3Exception", Cause: api.ErrorMessage(), err: err}
	if modelled[api.ErrorCode()] {
		e.Name = "S3." + api.ErrorCode() + "Exception"
	}
	var response *awshttp.ResponseError
	if errors.As(err, &response) {
		e.Cause += fmt.Sprintf(" (Service: S3, Status Code: %d, Request ID: %s, Extended Request ID: %s)",
			response.HTTPStatusCode(), response.ServiceRequestID(), extendedID(err))
	}
	return e
}

// extendedID is the second id that Amazon S3 gives to a request.
func extendedID(err error) string {
	var host interface{ ServiceHostID() string }
	if errors.As(err, &host) {
		return host.ServiceHostID()
	}
	return ""
}
