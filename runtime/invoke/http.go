package invoke

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// A Connection adds to a request what an EventBridge connection holds, such as
// an Authorization header. The error fails the task; a [*task.Error] gives the
// name, for example Events.ConnectionResource.AccessDenied.
type Connection func(ctx context.Context, r *http.Request) error

// HTTP does the work of http:invoke tasks with real requests.
type HTTP struct {
	// Client sends the requests; nil is one with the 60 seconds that AWS allows.
	Client *http.Client
	// Connections are found by the ConnectionArn of the task, or by the name in
	// it. A task whose connection is not there fails.
	Connections map[string]Connection
	// Region is part of the User-Agent; empty is us-east-1.
	Region string
}

var patient = &http.Client{Timeout: 60 * time.Second}

// largest is how much of an answer is read, as the service's Range header asks.
const largest = 262144

func (h *HTTP) invoke(ctx context.Context, t *interp.InvokeTask, report Report) {
	answer, failure := h.do(ctx, t.Parameters.Value())
	if failure != nil {
		report(failed(t, failure))
		return
	}
	report(&interp.TaskSucceeded{Task: t.Task, Output: value.DocOf(answer)})
}

func (h *HTTP) do(ctx context.Context, p value.Value) (value.Value, *task.Error) {
	r, failure := h.request(ctx, p)
	if failure != nil {
		return value.Value{}, failure
	}
	if failure := h.authorize(ctx, r, p); failure != nil {
		return value.Value{}, failure
	}
	client := h.Client
	if client == nil {
		client = patient
	}
	answer, err := client.Do(r)
	if err != nil {
		return value.Value{}, &task.Error{Name: "States.Http.Socket", Cause: err.Error()}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, largest))
	if err != nil {
		return value.Value{}, &task.Error{Name: "States.Http.Socket", Cause: err.Error()}
	}
	return response(answer, body)
}

// request makes the request that the task's parameters describe.
func (h *HTTP) request(ctx context.Context, p value.Value) (*http.Request, *task.Error) {
	endpoint, _ := p.Get("ApiEndpoint").Str()
	method, _ := p.Get("Method").Str()
	to, err := url.Parse(endpoint)
	if err != nil || to.Host == "" {
		return nil, runtimeError("the ApiEndpoint %q is not a URL", endpoint)
	}
	query := to.Query()
	for _, m := range p.Get("QueryParameters").Members() {
		for _, v := range several(m.Value) {
			query.Add(m.Key, plain(v))
		}
	}
	to.RawQuery = query.Encode()
	body, kind := encodeBody(p)
	r, err := http.NewRequestWithContext(ctx, method, to.String(), body)
	if err != nil {
		return nil, runtimeError("%v", err)
	}
	region := h.Region
	if region == "" {
		region = "us-east-1"
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	for _, m := range p.Get("Headers").Members() {
		if forbidden(m.Key) {
			return nil, runtimeError("the header %q cannot be set by a task", m.Key)
		}
		r.Header.Del(m.Key)
		for _, v := range several(m.Value) {
			r.Header.Add(m.Key, plain(v))
		}
	}
	r.Header.Set("User-Agent", "Amazon|StepFunctions|HttpInvoke|"+region)
	r.Header.Set("Range", fmt.Sprintf("bytes=0-%d", largest))
	return r, nil
}

// encodeBody writes RequestBody as JSON, or as a form where Transform says so.
func encodeBody(p value.Value) (body io.Reader, kind string) {
	b := p.Get("RequestBody")
	if b.IsUndefined() {
		return nil, ""
	}
	transform := p.Get("Transform")
	if how, _ := transform.Get("RequestBodyEncoding").Str(); how == "URL_ENCODED" {
		format, _ := transform.Get("RequestEncodingOptions").Get("ArrayFormat").Str()
		return strings.NewReader(form(b, format)), "application/x-www-form-urlencoded; charset=UTF-8"
	}
	if text, ok := b.Str(); ok {
		return strings.NewReader(text), "application/json; charset=UTF-8"
	}
	return bytes.NewReader(b.AppendJSON(nil)), "application/json; charset=UTF-8"
}

// form encodes an object as a form. Nested members are written a[b]; lists in
// one of AWS's four formats.
func form(v value.Value, format string) string {
	var pairs []string
	var add func(key string, v value.Value)
	add = func(key string, v value.Value) {
		switch v.Kind() {
		case value.KindObject:
			for _, m := range v.Members() {
				name := m.Key
				if key != "" {
					name = key + "[" + m.Key + "]"
				}
				add(name, m.Value)
			}
		case value.KindList:
			for i, item := range v.Items() {
				switch format {
				case "REPEAT":
					add(key, item)
				case "BRACKETS":
					add(key+"[]", item)
				case "COMMAS":
				default:
					add(fmt.Sprintf("%s[%d]", key, i), item)
				}
			}
			if format == "COMMAS" {
				texts := make([]string, v.Len())
				for i, item := range v.Items() {
					texts[i] = url.QueryEscape(plain(item))
				}
				pairs = append(pairs, url.QueryEscape(key)+"="+strings.Join(texts, ","))
			}
		default:
			pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(plain(v)))
		}
	}
	add("", v)
	return strings.Join(pairs, "&")
}

func (h *HTTP) authorize(ctx context.Context, r *http.Request, p value.Value) *task.Error {
	arn, ok := p.Get("InvocationConfig").Get("ConnectionArn").Str()
	if !ok {
		arn, _ = p.Get("Authentication").Get("ConnectionArn").Str()
	}
	connect := h.Connections[arn]
	if _, rest, found := strings.Cut(arn, ":connection/"); found && connect == nil {
		name, _, _ := strings.Cut(rest, "/")
		connect = h.Connections[name]
	}
	if connect == nil {
		return &task.Error{Name: "Events.ConnectionResource.ResourceNotFound", Cause: fmt.Sprintf("no connection %q is configured", arn)}
	}
	if err := connect(ctx, r); err != nil {
		var named *task.Error
		if errors.As(err, &named) {
			return named
		}
		return &task.Error{Name: "Events.ConnectionResource.InternalError", Cause: err.Error()}
	}
	return nil
}

// response makes the task's result of an answer, or its failure.
func response(r *http.Response, body []byte) (value.Value, *task.Error) {
	if r.StatusCode < 200 || r.StatusCode > 299 {
		cause := string(body)
		if cause == "" {
			cause = http.StatusText(r.StatusCode)
		}
		return value.Value{}, &task.Error{Name: fmt.Sprintf("States.Http.StatusCode.%d", r.StatusCode), Cause: cause}
	}
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	for _, binary := range []string{"application/octet-stream", "image/", "video/", "audio/"} {
		if strings.HasPrefix(kind, binary) {
			return value.Value{}, runtimeError("the response of content type %q is not text", kind)
		}
	}
	content, err := value.Parse(string(body))
	if err != nil {
		content = value.String(string(body))
	}
	var headers []value.Member
	for _, name := range sorted(r.Header) {
		values := make([]value.Value, len(r.Header[name]))
		for i, v := range r.Header[name] {
			values[i] = value.String(v)
		}
		headers = append(headers, value.Member{Key: strings.ToLower(name), Value: value.List(values...)})
	}
	return value.Object(
		value.Member{Key: "Headers", Value: value.Object(headers...)},
		value.Member{Key: "ResponseBody", Value: content},
		value.Member{Key: "StatusCode", Value: value.Int(int64(r.StatusCode))},
		value.Member{Key: "StatusText", Value: value.String(http.StatusText(r.StatusCode))},
	), nil
}

func runtimeError(format string, args ...any) *task.Error {
	return &task.Error{Name: "States.Runtime", Cause: fmt.Sprintf(format, args...)}
}

// several takes a list for its items and anything else for one.
func several(v value.Value) []value.Value {
	if v.Kind() == value.KindList {
		return v.Items()
	}
	return []value.Value{v}
}

// plain writes a string as it is and anything else as JSON.
func plain(v value.Value) string {
	if s, ok := v.Str(); ok {
		return s
	}
	return v.String()
}

// forbidden reports whether a task may not set a header.
func forbidden(name string) bool {
	name = textproto.CanonicalMIMEHeaderKey(name)
	for _, prefix := range []string{"X-Forwarded-", "X-Amz-", "X-Amzn-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return reserved[name]
}
