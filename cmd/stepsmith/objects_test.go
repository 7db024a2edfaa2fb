package main

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// startS3 is as much of Amazon S3 as the scripts use: objects that are put and got.
// It returns its URL.
func startS3(t *testing.T) string {
	t.Helper()
	var objects sync.Map
	objects.Store("/in/numbers.json", []byte("[1, 2, 3]"))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch content, found := objects.Load(r.URL.Path); {
		case r.Header.Get("Authorization") == "":
			w.WriteHeader(http.StatusForbidden)
		case r.Method == http.MethodPut:
			body, _ := io.ReadAll(r.Body)
			objects.Store(r.URL.Path, body)
		case found:
			w.Write(content.([]byte))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}
