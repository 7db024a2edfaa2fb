package maprun_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
	"github.com/stepsmith-dev/stepsmith/runtime/maprun"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

var now = time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC)

// command runs a machine of one distributed Map state, with these fields
// besides the processor, up to its map run.
func command(t testing.TB, fields, input string) (*interp.StartMapRun, *graph.Machine) {
	t.Helper()
	document, list := asl.Decode([]byte(`{"StartAt":"M","States":{"M":{"Type":"Map","End":true,`+fields+`"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{"Variable":"$.fail","IsPresent":true,"Next":"F"}],"Default":"P"},
		"F":{"Type":"Fail","Error":"Boom","Cause":"bang"},"P":{"Type":"Pass","End":true}}}}}}`), "test.asl.json")
	if list.HasErrors() {
		t.Fatal(list)
	}
	m, list := graph.Compile(&document.Machine)
	if list.HasErrors() {
		t.Fatal(list)
	}
	in, err := value.ParseDoc(input)
	if err != nil {
		t.Fatal(err)
	}
	out, err := interp.New(m).Step(now, &interp.Started{Input: in, Info: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range out.Commands {
		if c, ok := c.(*interp.StartMapRun); ok {
			return c, m
		}
	}
	t.Fatalf("no map run was started: %v", out.Events[len(out.Events)-1].Details)
	return nil, nil
}

// drive runs the children, as many at a time as the run wants.
func drive(t testing.TB, r *maprun.Run, m *graph.Machine, each func(*maprun.Child)) interp.Event {
	var open []*maprun.Child
	for r.End() == nil {
		for c := r.Next(now); c != nil; c = r.Next(now) {
			open = append(open, c)
		}
		if len(open) == 0 {
			continue
		}
		c := open[0]
		open = open[1:]
		if each != nil {
			each(c)
		}
		out, err := interp.New(m).Step(now, c.Start)
		if err != nil {
			t.Fatal(err)
		}
		r.Done(c, out.Commands[len(out.Commands)-1].(*interp.Complete), now)
	}
	return r.End()
}

func show(e interp.Event) string {
	switch e := e.(type) {
	case *interp.MapRunSucceeded:
		return e.Output.Text()
	case *interp.MapRunFailed:
		return *e.Error + ": " + *e.Cause
	}
	return fmt.Sprint(e)
}

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func TestRuns(t *testing.T) {
	t.Parallel()
	reader := func(config string) string {
		return `"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{` + config + `},"Parameters":{"Bucket":"b","Key.$":"$.key"}},`
	}
	files := map[string]string{
		"items.json":  `[{"a":1.0}, [2 , 3], "x"]`,
		"deep.json":   `{"skip":[{"x":1}],"data":{"list":[1,2]}}`,
		"object.json": `{"x":1,"y":[2]}`,
		"scalar.json": `7`,
		"items.jsonl": "{\"a\":1}\n\n{\"a\":2}",
		"items.gz":    zipped(`[1,2]`),
		"items.zst":   "\x28\xb5\x2f\xfd...",
		"head.csv":    "name,id\r\nAnn,1\r\n\"Bob \"\"B\"\", jr\",2\r\n",
		"pipe.csv":    "1|2|3\n4|5\n",
		"escape.csv":  `a,b` + "\n" + `x\,y,\z\\` + "\n",
		"twice.csv":   "a,a\n1,2\n",
		"lines.csv":   "a,b\n\"1\n2\",3\n",
		"inventory.json": `{"sourceBucket":"s","destinationBucket":"arn:aws:s3:::b","fileFormat":"CSV","fileSchema":"Bucket, Key",
			"files":[{"key":"part-1.csv.gz"},{"key":"part-2.csv.gz"}]}`,
		"part-1.csv.gz": zipped("\"s\",\"one\"\n"),
		"part-2.csv.gz": zipped("\"s\",\"two\"\n"),
		"athena.csv":    "s3://b/items.jsonl\nS3://b/items.jsonl\n",
	}
	tests := []struct{ name, fields, input, want string }{
		{"data", "", `[1, {"a" : 1}]`, `[1,{"a":1}]`},
		{"none", "", `[]`, `[]`},
		{"selector", `"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","from.$":"$$.Map.Item.Source"},`, `["x"]`,
			`[{"v":"x","i":0,"from":"STATE_DATA"}]`},
		{"json", reader(`"InputType":"JSON"`), `{"key":"items.json"}`, `[{"a":1.0},[2,3],"x"]`},
		{"json pointer", reader(`"InputType":"JSON","ItemsPointer":"/data/list"`), `{"key":"deep.json"}`, `[1,2]`},
		{"json pointer to nothing", reader(`"InputType":"JSON","ItemsPointer":"/data/none"`), `{"key":"deep.json"}`,
			`States.ItemReaderFailed: the ItemsPointer leads to nothing: there is no "none"`},
		{"json object", reader(`"InputType":"JSON"`), `{"key":"object.json"}`, `[{"Key":"x","Value":1},{"Key":"y","Value":[2]}]`},
		{"json scalar", reader(`"InputType":"JSON"`), `{"key":"scalar.json"}`, `States.ItemReaderFailed: Attempting to map over non-iterable node.`},
		{"json lines", reader(`"InputType":"JSONL"`), `{"key":"items.jsonl"}`, `[{"a":1},{"a":2}]`},
		{"gzip", reader(`"InputType":"JSON"`), `{"key":"items.gz"}`, `[1,2]`},
		{"zstd", reader(`"InputType":"JSON"`), `{"key":"items.zst"}`, `States.ItemReaderFailed: ZSTD compression is not supported here; supported is GZIP`},
		{"missing", reader(`"InputType":"JSON"`), `{"key":"none"}`, `States.ItemReaderFailed: objects: s3://b/none: no such object`},
		{"parquet", reader(`"InputType":"PARQUET"`), `{"key":"x"}`,
			`States.ItemReaderFailed: PARQUET is not supported here; supported are CSV, JSON, JSONL and MANIFEST`},
		{"csv", reader(`"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`), `{"key":"head.csv"}`,
			`[{"name":"Ann","id":"1"},{"name":"Bob \"B\", jr","id":"2"}]`},
		{"csv given", reader(`"InputType":"CSV","CSVHeaderLocation":"GIVEN","CSVHeaders":["a","b"],"CSVDelimiter":"PIPE"`), `{"key":"pipe.csv"}`,
			`[{"a":"1","b":"2"},{"a":"4","b":"5"}]`},
		{"csv escapes", reader(`"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`), `{"key":"escape.csv"}`, `[{"a":"x,y","b":"z\\"}]`},
		{"csv duplicates", reader(`"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`), `{"key":"twice.csv"}`,
			`States.ItemReaderFailed: CSV headers cannot contain duplicates.`},
		{"csv lines", reader(`"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"`), `{"key":"lines.csv"}`, `[{"a":"1\n2","b":"3"}]`},
		{"max items", reader(`"InputType":"JSON","MaxItemsPath":"$.n"`), `{"key":"items.json","n":1}`, `[{"a":1.0}]`},
		{"max items negative", reader(`"InputType":"JSON","MaxItemsPath":"$.n"`), `{"key":"items.json","n":-1}`,
			`States.ItemReaderFailed: field MaxItems must be positive`},
		{"manifest", reader(`"InputType":"MANIFEST"`), `{"key":"inventory.json"}`, `[{"Bucket":"s","Key":"one"},{"Bucket":"s","Key":"two"}]`},
		{"athena", reader(`"InputType":"JSONL","ManifestType":"ATHENA_DATA"`), `{"key":"athena.csv"}`, `[{"a":1},{"a":2},{"a":1},{"a":2}]`},
		{"list", `"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","Parameters":{"Bucket":"b","Prefix":"part-"}},
			"ItemSelector":{"k.$":"$$.Map.Item.Value.Key","from.$":"$$.Map.Item.Source"},`, `{}`,
			`[{"from":"S3://b","k":"part-1.csv.gz"},{"from":"S3://b","k":"part-2.csv.gz"}]`},
		{"list and flatten", `"ItemReader":{"Resource":"arn:aws:states:::s3:listObjectsV2","ReaderConfig":{"InputType":"CSV","Transformation":"LOAD_AND_FLATTEN",
			"CSVHeaderLocation":"GIVEN","CSVHeaders":["b","k"]},"Parameters":{"Bucket":"b","Prefix":"part-"}},`, `{}`,
			`[{"b":"s","k":"one"},{"b":"s","k":"two"}]`},
		{"batches", `"ItemBatcher":{"MaxItemsPerBatch":2,"BatchInput":{"x":1}},`, `[1,2,3]`,
			`[{"BatchInput":{"x":1},"Items":[1,2]},{"BatchInput":{"x":1},"Items":[3]}]`},
		{"batches by bytes", `"ItemBatcher":{"MaxInputBytesPerBatch":21},`, `["aaa","bbb","c","ddddddddddddddd"]`,
			`[{"Items":["aaa"]},{"Items":["bbb","c"]},{"Items":["ddddddddddddddd"]}]`},
		{"failure", ``, `[1,{"fail":1}]`, `States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		{"failures over count", `"ToleratedFailureCount":1,`, `[{"fail":1},{"fail":1},1]`,
			`States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		{"failures over percentage", `"ToleratedFailurePercentage":40,`, `[1,{"fail":1}]`,
			`States.ExceedToleratedFailureThreshold: The specified tolerated failure threshold was exceeded`},
		{"selector fails", `"ItemSelector":{"x.$":"$.none"},`, `[1]`,
			`States.Runtime: An error occurred while executing the state 'M' (entered at the event id #2). The JSONPath '$.none' specified for the field 'x.$' could not be found in the input '[1]'`},
		{"flatten", `"ResultWriter":{"WriterConfig":{"Transformation":"FLATTEN","OutputType":"JSON"}},`, `[[1,2],3]`, `[1,2,3]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			store := new(objects.Memory)
			for key, content := range files {
				store.Put("b", key, []byte(content))
			}
			c, m := command(t, test.fields, test.input)
			r := maprun.New(t.Context(), c, maprun.Options{Objects: store, Parent: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
			if diff := cmp.Diff(test.want, show(drive(t, r, m.Child(c.Map), nil))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTolerated looks at what a failure that is tolerated leaves in the result.
func TestTolerated(t *testing.T) {
	t.Parallel()
	c, m := command(t, `"Label":"each","ToleratedFailurePercentage":50,`, `[1,{"fail":1}]`)
	r := maprun.New(t.Context(), c, maprun.Options{Parent: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
	var names []string
	e, ok := drive(t, r, m.Child(c.Map), func(c *maprun.Child) { names = append(names, c.Start.Info.ExecutionName) }).(*interp.MapRunSucceeded)
	if !ok {
		t.Fatal("the run failed")
	}
	failed := e.Output.Value().Index(1)
	want := map[string]string{
		"ExecutionArn": "arn:aws:states:us-east-1:123456789012:execution:m/each:" + names[1], "Name": names[1], "Status": "FAILED",
		"StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:m/each", "Error": "Boom", "Cause": "bang", "Input": `{"fail":1}`,
	}
	for key, w := range want {
		if got, _ := failed.Get(key).Str(); got != w {
			t.Errorf("%s is %q, want %q", key, got, w)
		}
	}
	if got, want := r.Counts().Items, (maprun.Tally{Total: 2, Succeeded: 1, Failed: 1}); got != want {
		t.Errorf("counts %+v, want %+v", got, want)
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()
	store, err := objects.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	c, m := command(t, `"ToleratedFailureCount":1,"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"p"},
		"WriterConfig":{"Transformation":"COMPACT","OutputType":"JSON"}},`, `[1,2,{"fail":1}]`)
	r := maprun.New(t.Context(), c, maprun.Options{Objects: store, Parent: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
	e, ok := drive(t, r, m.Child(c.Map), nil).(*interp.MapRunSucceeded)
	if !ok {
		t.Fatal("the run failed")
	}
	read := func(key string) string {
		f, err := store.Open(t.Context(), "out", key)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		text, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	key, _ := e.Output.Value().Get("ResultWriterDetails").Get("Key").Str()
	manifest, err := value.Parse(read(key))
	if err != nil {
		t.Fatal(err)
	}
	results := manifest.Get("ResultFiles")
	succeeded, _ := results.Get("SUCCEEDED").Index(0).Get("Key").Str()
	if got := read(succeeded); got != "[1,2]" {
		t.Errorf("the successes are %s", got)
	}
	failed, _ := results.Get("FAILED").Index(0).Get("Key").Str()
	if got := read(failed); !strings.Contains(got, `"Error":"Boom"`) {
		t.Errorf("the failures are %s", got)
	}
	if size, _ := results.Get("SUCCEEDED").Index(0).Get("Size").Int(); size != int64(len("[1,2]")) {
		t.Errorf("the size is %d", size)
	}
}

// TestConcurrency sees that no more children run than may, and that a failed run
// starts no more.
func TestConcurrency(t *testing.T) {
	t.Parallel()
	c, _ := command(t, `"MaxConcurrency":2,`, `[1,2,3]`)
	r := maprun.New(t.Context(), c, maprun.Options{Parent: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
	first, second := r.Next(now), r.Next(now)
	if first == nil || second == nil || r.Next(now) != nil {
		t.Fatal("want two children at a time")
	}
	r.Done(first, &interp.Complete{Status: interp.Failed}, now)
	if !r.Failed() || r.Next(now) != nil || r.End() != nil {
		t.Fatal("want a failed run with one child left")
	}
	r.Done(second, &interp.Complete{Status: interp.Aborted}, now)
	if _, ok := r.End().(*interp.MapRunFailed); !ok {
		t.Fatal("want the end of the run")
	}
}

// rows is a CSV file of n rows that is never in memory as a whole.
type rows struct{ n int }

func (s *rows) Open(context.Context, string, string) (io.ReadCloser, error) {
	r, w := io.Pipe()
	go func() {
		_, err := io.WriteString(w, "id,name\n")
		for i := 0; i < s.n && err == nil; i++ {
			_, err = fmt.Fprintf(w, "%d,customer %d\n", i, i)
		}
		w.CloseWithError(err)
	}()
	return r, nil
}

// BenchmarkRows reads a million rows of CSV, a child for each thousand, and
// writes the results; "MB" is the most memory that was in use.
func BenchmarkRows(b *testing.B) {
	const n = 1_000_000
	c, m := command(b, `"MaxConcurrency":40,"ItemBatcher":{"MaxItemsPerBatch":1000},
		"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"p"}},
		"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"CSV","CSVHeaderLocation":"FIRST_ROW"},"Parameters":{"Bucket":"b","Key":"k"}},`, `{}`)
	store, err := objects.OpenFolder(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	var most uint64
	for b.Loop() {
		r := maprun.New(b.Context(), c, maprun.Options{Objects: split{store, &rows{n: n}}, Parent: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
		seen := 0
		e := drive(b, r, m.Child(c.Map), func(c *maprun.Child) {
			if seen += c.Items; seen%50_000 == 0 {
				var stats runtime.MemStats
				runtime.ReadMemStats(&stats)
				most = max(most, stats.HeapInuse)
			}
		})
		if _, ok := e.(*interp.MapRunSucceeded); !ok || seen != n {
			b.Fatal(show(e), seen)
		}
	}
	b.ReportMetric(float64(most)/1e6, "MB")
	b.ReportMetric(n*float64(b.N)/b.Elapsed().Seconds(), "items/s")
}

// split reads from one store and writes to another.
type split struct {
	objects.Store
	rows *rows
}

func (s split) Open(ctx context.Context, bucket, key string) (io.ReadCloser, error) {
	return s.rows.Open(ctx, bucket, key)
}

// TestPending writes down what was not started because the run failed.
func TestPending(t *testing.T) {
	t.Parallel()
	store := new(objects.Memory)
	store.Put("in", "k", []byte("{\"fail\":1}\n2\n3\n4\n5\n"))
	c, _ := command(t, `"MaxConcurrency":2,"ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSONL"},"Parameters":{"Bucket":"in","Key":"k"}},
		"ItemBatcher":{"MaxItemsPerBatch":1},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"out","Prefix":"p"}},`, `{}`)
	r := maprun.New(t.Context(), c, maprun.Options{Objects: store, Parent: interp.Info{StateMachineID: "arn:aws:states:us-east-1:123456789012:stateMachine:m"}})
	name, cause := "Boom", "bang"
	first, second := r.Next(now), r.Next(now)
	r.Done(first, &interp.Complete{Status: interp.Failed, Error: &name, Cause: &cause}, now)
	if !r.Failed() {
		t.Fatal("the run has not failed")
	}
	r.Done(second, &interp.Complete{Status: interp.Aborted}, now)
	if _, ok := r.End().(*interp.MapRunFailed); !ok {
		t.Fatalf("the run ended with %v", r.End())
	}
	texts := map[string]string{}
	for o := range store.List(t.Context(), "out", "p/") {
		f, err := store.Open(t.Context(), "out", o.Key)
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(f)
		texts[o.Key[strings.LastIndexByte(o.Key, '/')+1:]] = string(text)
	}
	pending, err := value.Parse(texts["PENDING_0.json"])
	if err != nil || pending.Len() != 3 || !strings.Contains(texts["PENDING_0.json"], `{"Input":"{\"Items\":[3]}","InputDetails":{"Included":true},`) {
		t.Errorf("pending: %s, %v", texts["PENDING_0.json"], err)
	}
	if failed, err := value.Parse(texts["FAILED_0.json"]); err != nil || failed.Len() != 2 || !strings.Contains(texts["FAILED_0.json"], `"Status":"ABORTED"`) {
		t.Errorf("failed: %s, %v", texts["FAILED_0.json"], err)
	}
	if !strings.Contains(texts["manifest.json"], "PENDING_0.json") {
		t.Error(texts["manifest.json"])
	}
	if c := r.Counts(); c.Items.Pending() != 3 || c.Items.Total != 5 || c.Items.Written != 2 {
		t.Errorf("%+v", c)
	}
}
