package runtime_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// TestMapRun runs a distributed Map state in a store file, with an object store
// and without.
func TestMapRun(t *testing.T) {
	t.Parallel()
	const definition = `{"StartAt": "M", "States": {"M": {"Type": "Map", "End": true, "Label": "each",
		"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"InputType": "JSON"}, "Parameters": {"Bucket": "in", "Key": "k"}},
		"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "A", "States": {
		"A": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "End": true}}}}}}`
	files := new(objects.Memory)
	files.Put("in", "k", []byte("[1,2,3]"))
	for name, store := range map[string]objects.Store{"objects": files, "none": nil} {
		t.Run(name, func(t *testing.T) {
			db, err := sqlite.Open(filepath.Join(t.TempDir(), "x.db"))
			if err != nil {
				t.Fatal(err)
			}
			e, err := runtime.New(runtime.Options{Store: db, Objects: store})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Shutdown(context.Background())
			double := task.Func(func(_ context.Context, n int) (int, error) { return 2 * n, nil })
			if _, err := e.Deploy(t.Context(), runtime.Definition{Name: "m", ASL: definition}, task.Handlers{"f": double}); err != nil {
				t.Fatal(err)
			}
			arn, err := e.Start(t.Context(), "m", nil)
			if err != nil {
				t.Fatal(err)
			}
			d, err := e.Wait(t.Context(), arn)
			if err != nil {
				t.Fatal(err)
			}
			runs, err := e.MapRuns(t.Context(), arn)
			if err != nil || len(runs) != 1 {
				t.Fatalf("%d map runs: %v", len(runs), err)
			}
			if store == nil {
				if d.Error != "States.ItemReaderFailed" || !strings.Contains(d.Cause, "Options.Objects") || runs[0].Status != runtime.Failed {
					t.Errorf("without objects: %s %s %s", d.Status, d.Error, d.Cause)
				}
				return
			}
			if d.Status != runtime.Succeeded || d.Output.Text() != "[2,4,6]" || runs[0].Items.Succeeded != 3 {
				t.Errorf("%s %s %s %s: %+v", d.Status, d.Error, d.Cause, d.Output, runs[0])
			}
			children, err := e.List(t.Context(), runtime.Query{MapRun: runs[0].ARN})
			if err != nil || len(children.Executions) != 3 {
				t.Errorf("%+v: %v", children, err)
			}
		})
	}
}
