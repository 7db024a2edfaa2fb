package teststate

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// A Wire is a transport that notes what the HTTP task under test sends and gets,
// for the inspection level [Trace]. It is safe for concurrent use, and keeps the
// last exchange.
type Wire struct {
	// Transport does the work; nil is http.DefaultTransport.
	Transport http.RoundTripper
	// Secret reports whether a header of the request is not to be shown, such as
	// one that a connection added; nil shows all.
	Secret func(header string) bool

	mu       sync.Mutex
	request  *Sent
	response *Received
}

// Sent is the request that went over the wire.
type Sent struct {
	Protocol string `json:"protocol"`
	Method   string `json:"method"`
	URL      string `json:"url"`
	Headers  string `json:"headers"`
	Body     string `json:"body,omitempty"`
}

// Received is the response to it.
type Received struct {
	Protocol      string `json:"protocol"`
	StatusCode    string `json:"statusCode"`
	StatusMessage string `json:"statusMessage"`
	Headers       string `json:"headers"`
	Body          string `json:"body,omitempty"`
}

// RoundTrip implements http.RoundTripper.
func (w *Wire) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := &Sent{Protocol: r.URL.Scheme, Method: r.Method, URL: r.URL.String(), Headers: w.headers(r.Header, true)}
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		r.Body.Close()
		sent.Body = string(body)
		r = r.Clone(r.Context())
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	transport := w.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	answer, err := transport.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.request, w.response = sent, nil
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(body))
	w.response = &Received{
		Protocol: r.URL.Scheme, StatusCode: strconv.Itoa(answer.StatusCode), StatusMessage: http.StatusText(answer.StatusCode),
		Headers: w.headers(answer.Header, false), Body: string(body),
	}
	return answer, err
}

// headers writes headers as AWS shows them: [name: [value, value], name: [value]].
func (w *Wire) headers(h http.Header, sent bool) string {
	var list []string
	for _, name := range slices.Sorted(maps.Keys(h)) {
		if sent && w.Secret != nil && w.Secret(name) {
			continue
		}
		shown := name
		if !sent {
			shown = strings.ToLower(name)
		}
		list = append(list, shown+": ["+strings.Join(h[name], ", ")+"]")
	}
	return "[" + strings.Join(list, ", ") + "]"
}

// exchange returns what was noted; both are nil when nothing was sent.
func (w *Wire) exchange() (*Sent, *Received) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.request, w.response
}
