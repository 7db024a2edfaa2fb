package s3_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awss3 "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/objects/s3"
)

// A fake is as much of Amazon S3 as the store uses.
type fake struct {
	mu       sync.Mutex
	objects  map[string][]byte // bucket/key
	parts    map[int][]byte
	requests []string
	cut      int // answers to GetObject that break off after so many bytes; 0 is none
	refuse   string
}

func start(t *testing.T) (*fake, *s3.Store) {
	t.Helper()
	f := &fake{objects: map[string][]byte{}, parts: map[int][]byte{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	return f, s3.New(awss3.New(awss3.Options{
		BaseEndpoint: &server.URL, Region: "us-east-1", UsePathStyle: true, RetryMaxAttempts: 1,
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	}))
}

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	q, name := r.URL.Query(), strings.TrimPrefix(r.URL.Path, "/")
	body, _ := io.ReadAll(r.Body)
	what := r.Method
	switch {
	case q.Has("uploads"):
		what = "begin"
	case q.Has("partNumber"):
		what = "part"
	case q.Has("uploadId"):
		what += " upload"
	case q.Has("list-type"):
		what = "list"
	}
	f.requests = append(f.requests, what)
	w.Header().Set("X-Amz-Request-Id", "R")
	w.Header().Set("X-Amz-Id-2", "H")
	bucket, _, _ := strings.Cut(name, "/")
	switch {
	case what == f.refuse:
		refuse(w, 403, "AccessDenied", "Access Denied")
	case bucket == "missing":
		refuse(w, 404, "NoSuchBucket", "The specified bucket does not exist")
	case what == "list":
		f.list(w, bucket, q.Get("prefix"), q.Get("continuation-token"))
	case what == "GET":
		f.get(w, r, name)
	case what == "begin":
		fmt.Fprint(w, "<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>")
	case what == "part":
		n, _ := strconv.Atoi(q.Get("partNumber"))
		f.parts[n] = body
		w.Header().Set("ETag", strconv.Itoa(n))
	case what == "POST upload":
		f.objects[name] = slices.Concat(f.parts[1], f.parts[2], f.parts[3])
		fmt.Fprint(w, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")
	case what == "DELETE upload":
		w.WriteHeader(204)
	case what == "PUT":
		f.objects[name] = body
	}
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.WriteHeader(status)
	fmt.Fprintf(w, "<Error><Code>%s</Code><Message>%s</Message></Error>", code, message)
}

func (f *fake) get(w http.ResponseWriter, r *http.Request, name string) {
	content, ok := f.objects[name]
	if !ok {
		refuse(w, 404, "NoSuchKey", "The specified key does not exist.")
		return
	}
	etag := fmt.Sprintf(`"%d"`, len(content))
	if m := r.Header.Get("If-Match"); m != "" && m != etag {
		refuse(w, 412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
		return
	}
	from := 0
	fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
	w.Header().Set("ETag", etag)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)-from))
	if from > 0 {
		w.WriteHeader(206)
	}
	if f.cut > 0 && len(content)-from > f.cut {
		w.Write(content[from : from+f.cut])
		panic(http.ErrAbortHandler)
	}
	w.Write(content[from:])
}

// list gives pages of two.
func (f *fake) list(w http.ResponseWriter, bucket, prefix, after string) {
	type object struct {
		Key, ETag, StorageClass, LastModified string
		Size                                  int
	}
	var result struct {
		XMLName               xml.Name `xml:"ListBucketResult"`
		IsTruncated           bool
		NextContinuationToken string
		Contents              []object
	}
	var keys []string
	for name := range f.objects {
		if key, ok := strings.CutPrefix(name, bucket+"/"); ok && strings.HasPrefix(key, prefix) && key > after {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	if result.IsTruncated = len(keys) > 2; result.IsTruncated {
		keys = keys[:2]
		result.NextContinuationToken = keys[1]
	}
	for _, k := range keys {
		result.Contents = append(result.Contents, object{k, `"e"`, "STANDARD", "2026-01-02T03:04:05Z", len(f.objects[bucket+"/"+k])})
	}
	xml.NewEncoder(w).Encode(result)
}

func TestOpen(t *testing.T) {
	t.Parallel()
	f, s := start(t)
	content := bytes.Repeat([]byte("0123456789"), 1000)
	f.objects["b/dir/k"] = content
	for _, cut := range []int{0, 3000} { // whole, and over a connection that breaks
		f.cut = cut
		r, err := s.Open(t.Context(), "b", "dir/k")
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		if err != nil || !bytes.Equal(got, content) {
			t.Errorf("cut %d: %d bytes, %v", cut, len(got), err)
		}
		r.Close()
	}
	if len(f.requests) != 5 {
		t.Errorf("the requests were %v", f.requests)
	}
	r, err := s.Open(t.Context(), "b", "dir/k")
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.objects["b/dir/k"] = append(content, '!')
	f.mu.Unlock()
	if _, err := io.ReadAll(r); err == nil {
		t.Error("two halves of different objects were read as one")
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	f, s := start(t)
	_, err := s.Open(t.Context(), "b", "none")
	const want = "S3.NoSuchKeyException: The specified key does not exist. (Service: S3, Status Code: 404, Request ID: R, Extended Request ID: H)"
	if err == nil || err.Error() != want || !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("a missing key: %v", err)
	}
	for _, err := range s.List(t.Context(), "missing", "") {
		var e *s3.Error
		if !errors.As(err, &e) || e.Name != "S3.NoSuchBucketException" || !errors.Is(err, objects.ErrNotFound) {
			t.Errorf("a missing bucket: %v", err)
		}
	}
	f.refuse = "PUT"
	w, _ := s.Create(t.Context(), "b", "k")
	if err := w.Close(); err == nil || !strings.HasPrefix(err.Error(), "S3.S3Exception: Access Denied (Service: S3, Status Code: 403") {
		t.Errorf("a refused object: %v", err)
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	f, s := start(t)
	for _, k := range []string{"a/1", "a/2", "a/3", "a/4", "a/5", "b"} {
		f.objects["x/"+k] = []byte(k)
	}
	var got []string
	for o, err := range s.List(t.Context(), "x", "a/") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(o.Key, o.Size, o.ETag, o.StorageClass, o.LastModified.Year()))
	}
	if len(got) != 5 || got[4] != `a/53"e"STANDARD2026` || len(f.requests) != 3 {
		t.Errorf("%q after %v", got, f.requests)
	}
}

func TestCreate(t *testing.T) {
	t.Parallel()
	small, large := []byte("[1,2]"), bytes.Repeat([]byte("x"), 17<<20)
	for _, tt := range []struct {
		name     string
		content  []byte
		refuse   string
		requests string
	}{
		{"small", small, "", "PUT"},
		{"empty", nil, "", "PUT"},
		{"large", large, "", "begin part part part POST upload"},
		{"refused", large, "part", "begin part DELETE upload"},
		{"incomplete", large, "POST upload", "begin part part part POST upload DELETE upload"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, s := start(t)
			f.refuse = tt.refuse
			w, err := s.Create(t.Context(), "b", "k")
			if err != nil {
				t.Fatal(err)
			}
			_, err = w.Write(tt.content)
			err = errors.Join(err, w.Close())
			if got := strings.Join(f.requests, " "); got != tt.requests {
				t.Errorf("the requests were %s", got)
			}
			if tt.refuse != "" {
				if err == nil || f.objects["b/k"] != nil {
					t.Errorf("%v, %d bytes", err, len(f.objects["b/k"]))
				}
				return
			}
			if err != nil || !bytes.Equal(f.objects["b/k"], tt.content) {
				t.Errorf("%v, %d bytes", err, len(f.objects["b/k"]))
			}
		})
	}
}
