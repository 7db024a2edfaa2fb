package flow_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/flow"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

type status string

type base struct {
	Note *string `json:"note,omitempty"`
}

type item struct {
	SKU string `json:"sku"`
	Qty int    `json:"qty"`
}

type order struct {
	base
	ID    string            `json:"id"`
	Items []item            `json:"items"`
	Tags  map[string]string `json:"tags"`
	Due   *time.Time        `json:"due,omitempty"`
	Any   json.RawMessage   `json:"any"`
	State status            `json:"state"`
}

func TestDecode(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"sound", `{"id":"1","items":[{"sku":"a","qty":2}],"tags":{"a":"b"},"any":[1],"state":"NEW","due":null,"note":"x"}`, ""},
		{"missing", `{"id":"1","items":[{"sku":"a"}],"tags":{},"any":null,"state":"NEW"}`, "$.items[0].qty: it is missing, for item.Qty (int)"},
		{"unknown", `{"id":"1","items":[],"tags":{},"any":1,"state":"NEW","ID":"2"}`, `$.ID: flow_test.order has no such field; it has "id"`},
		{"null", `{"id":null,"items":null,"tags":{},"any":1,"state":"NEW"}`, "$.id: null where a string is wanted, for order.ID (string)\n\t$.items: null where an array is wanted, for order.Items ([]flow_test.item)"},
		{"types", `{"id":1,"items":{},"tags":{"a b":[]},"any":1,"state":true}`, "$.id: a number where a string is wanted, for order.ID (string)\n\t$.items: an object where an array is wanted, for order.Items ([]flow_test.item)\n\t" +
			`$.tags["a b"]: an array where a string is wanted, for string` + "\n\t$.state: a boolean where a string is wanted, for order.State (flow_test.status)"},
		{"no integer", `{"id":"1","items":[{"sku":"a","qty":1.5}],"tags":{},"any":1,"state":""}`, "$.items[0].qty: 1.5 does not fit item.Qty (int)"},
		{"no time", `{"id":"1","items":[],"tags":{},"any":1,"state":"","due":"tomorrow"}`, `$.due: "tomorrow" does not fit order.Due (time.Time)`},
		{"no object", `[]`, "$: an array where an object is wanted, for flow_test.order"},
		{"cut off", `{"id":`, "$: the JSON text ends too early"},
		{"two", `{} {}`, "$: there is something after the end of the document"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := flow.Decode[order]([]byte(tt.text))
			var wrong *flow.InputError
			switch {
			case tt.want == "" && err != nil:
				t.Fatal(err)
			case tt.want != "" && !errors.As(err, &wrong):
				t.Fatalf("got %v", err)
			case tt.want != "" && !strings.Contains(err.Error(), tt.want):
				t.Errorf("got %v\nwant %s", err, tt.want)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"id":"1","items":[{"sku":"a","qty":2}],"tags":{"a":"b"},"any":[1],"state":"NEW"}`)
	f.Add(`{"items":[null],"tags":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		o, err := flow.Decode[order]([]byte(text))
		if err != nil {
			return
		}
		again, err := flow.Encode(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := flow.Decode[order](again); err != nil {
			t.Errorf("%s was read, but not %s: %v", text, again, err)
		}
	})
}

func TestEncode(t *testing.T) {
	t.Parallel()
	type page struct {
		Orders []order        `json:"orders"`
		By     map[string]any `json:"by"`
		Next   *page          `json:"next,omitempty"`
		Lists  [][]string     `json:"lists"`
	}
	in := page{Orders: []order{{ID: "<1>", Any: json.RawMessage(`{"a": 1}`)}}, Next: &page{}, Lists: [][]string{nil}}
	got, err := flow.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"orders":[{"id":"<1>","items":[],"tags":{},"any":{"a":1},"state":""}],"by":{},"next":{"orders":[],"by":{},"lists":[]},"lists":[[]]}`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if in.Orders[0].Items != nil || in.Next.Orders != nil || in.Lists[0] != nil {
		t.Error("the value itself was changed")
	}
}

func TestScript(t *testing.T) {
	t.Parallel()
	var s flow.Script[item, string]
	ask := func(qty int) (string, error) { return s.Func(t.Context(), item{Qty: qty}) }
	if _, err := ask(0); task.Failure(err).Name != flow.NotScripted {
		t.Errorf("not scripted: %v", err)
	}
	s.Returns("a", "b", "c")
	s.Nth(3).Fails(&task.Error{Name: "Busy"})
	s.Nth(5).Does(func(_ context.Context, i item) (string, error) { return strings.Repeat("x", i.Qty), nil })
	var got []string
	for i := 2; i <= 6; i++ {
		out, err := ask(i)
		if err != nil {
			out = task.Failure(err).Name
		}
		got = append(got, out)
	}
	if d := cmp.Diff([]string{"b", "Busy", "c", "xxxxx", "c"}, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if calls := s.Calls(); len(calls) != 6 || calls[5].Qty != 6 {
		t.Errorf("calls %v", calls)
	}
	var none flow.Script[flow.None, flow.None]
	if err := none.FuncNone(t.Context()); err != nil || len(none.Calls()) != 1 {
		t.Errorf("a task without a result: %v, %d calls", err, len(none.Calls()))
	}
}

func TestHandlers(t *testing.T) {
	t.Parallel()
	handlers := flow.Set(task.Handlers{
		"both": flow.Func(func(_ context.Context, i item) (order, error) { return order{ID: i.SKU}, nil }),
		"in":   flow.FuncIn(func(context.Context, item) error { return nil }),
		"out":  flow.FuncOut(func(context.Context) ([]item, error) { return nil, nil }),
		"none": flow.FuncNone(func(context.Context) error { return nil }),
		"nil":  flow.Func[item, item](nil),
	})
	want := map[string]string{"both": `{"id":"a","items":[],"tags":{},"any":null,"state":""}`, "in": "{}", "out": "[]", "none": "{}"}
	if len(handlers) != len(want) {
		t.Errorf("handlers %v", handlers.Names())
	}
	for name, output := range want {
		got, err := handlers[name].Handle(t.Context(), json.RawMessage(`{"sku":"a"}`))
		if err != nil || string(got) != output {
			t.Errorf("%s: %s, %v; want %s", name, got, err, output)
		}
	}
}

type soldOut struct{ Cause item }

func (e soldOut) Error() string      { return flow.Text(e) }
func (soldOut) ErrorName() string    { return "SoldOut" }
func (e soldOut) ErrorCause() string { return flow.Cause(e.Cause) }
func (soldOut) Is(err error) bool    { return flow.Same[soldOut](err) }

func TestErrors(t *testing.T) {
	t.Parallel()
	declared := flow.Errors{"SoldOut": flow.Fault(func(cause item) error { return soldOut{cause} })}
	err := soldOut{item{SKU: "a"}}
	cause := err.ErrorCause()
	lambda, _ := json.Marshal(map[string]string{"errorMessage": cause, "errorType": "soldOut"})
	for _, text := range []string{cause, string(lambda)} {
		found := declared.Find("SoldOut", text)
		if !errors.Is(found, soldOut{}) || found != error(err) {
			t.Errorf("%s gives %v", text, found)
		}
	}
	if declared.Find("SoldOut", "for today") != nil || declared.Find("Other", cause) != nil {
		t.Error("errors that are not declared so were found")
	}
	if got := err.Error(); got != `SoldOut: {"sku":"a","qty":0}` {
		t.Errorf("text %q", got)
	}
}
