package maprun

import (
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// maxFile is the size at which a result file is full.
const maxFile = 5 << 30

// A writer puts results into files, by what became of the children, and tells
// of them in a manifest.
type writer struct {
	run            *Run
	bucket, prefix string
	lines          bool // JSON Lines
	files          map[string]*file
	done           map[string][]value.Value
}

// A file is a result file that is being written.
type file struct {
	io.WriteCloser
	key  string
	size int64
	n    int // number of the file
}

func newWriter(r *Run) *writer {
	p := r.command.Writer.Value()
	w := &writer{run: r, files: map[string]*file{}, done: map[string][]value.Value{}}
	w.bucket, _ = p.Get("Bucket").Str()
	prefix, _ := p.Get("Prefix").Str()
	w.prefix = path.Join(prefix, r.command.ARN[strings.LastIndexByte(r.command.ARN, ':')+1:])
	w.lines = r.command.Map.Distributed.Writer.Config.OutputType == "JSONL"
	return w
}

// add writes the entry of a child.
func (w *writer) add(e *entry) error {
	status := "FAILED"
	if e.end.Status == interp.Succeeded {
		status = "SUCCEEDED"
	}
	for _, d := range e.transformed(w.run.results.transformation) {
		if err := w.write(status, d.Text()); err != nil {
			return writerError(err)
		}
	}
	return nil
}

// pending writes down the children that were not started because the run ended.
// What cannot be read any more is left out.
func (w *writer) pending() {
	r := w.run
	for {
		input, items, err := r.batch.next(r)
		if err != nil {
			return
		}
		r.counts.Items.Total += items
		r.counts.Executions.Total++
		if w.write("PENDING", value.Object(
			value.Member{Key: "Input", Value: value.String(input.Text())},
			value.Member{Key: "InputDetails", Value: included},
			value.Member{Key: "StateMachineArn", Value: value.String(r.machine())},
			value.Member{Key: "Status", Value: value.String("PENDING")},
		).String()) != nil {
			return
		}
	}
}

func writerError(err error) error { return &interp.RunError{Name: ErrWriter, Cause: err.Error()} }

func (w *writer) write(status, text string) error {
	f := w.files[status]
	if f != nil && f.size+int64(len(text)) > maxFile {
		if err := w.finish(status, f); err != nil {
			return err
		}
		f = &file{n: f.n + 1}
	}
	if f == nil {
		f = &file{}
	}
	separator := ","
	if f.WriteCloser == nil {
		ending := "json"
		if w.lines {
			ending = "jsonl"
		}
		f.key = fmt.Sprintf("%s/%s_%d.%s", w.prefix, status, f.n, ending)
		if w.run.options.Objects == nil {
			return errNoStore
		}
		var err error
		if f.WriteCloser, err = w.run.options.Objects.Create(w.run.ctx, w.bucket, f.key); err != nil {
			return err
		}
		w.files[status] = f
		separator = "["
	}
	if w.lines {
		separator, text = "", text+"\n"
	}
	n, err := io.WriteString(f, separator+text)
	f.size += int64(n)
	return err
}

// finish ends a file and notes it for the manifest.
func (w *writer) finish(status string, f *file) error {
	if !w.lines {
		if _, err := io.WriteString(f, "]"); err != nil {
			return err
		}
		f.size++
	}
	delete(w.files, status)
	w.done[status] = append(w.done[status], value.Object(
		value.Member{Key: "Key", Value: value.String(f.key)}, value.Member{Key: "Size", Value: value.Int(f.size)}))
	return f.Close()
}

// close ends all files and writes the manifest. The result says where it is.
func (w *writer) close() (*value.Doc, error) {
	var lists []value.Member
	for _, status := range []string{"FAILED", "PENDING", "SUCCEEDED"} {
		if f := w.files[status]; f != nil {
			if err := w.finish(status, f); err != nil {
				return nil, writerError(err)
			}
		}
		lists = append(lists, value.Member{Key: status, Value: value.List(w.done[status]...)})
	}
	arn, key := value.String(w.run.command.ARN), w.prefix+"/manifest.json"
	manifest := value.Object(
		value.Member{Key: "DestinationBucket", Value: value.String(w.bucket)},
		value.Member{Key: "MapRunArn", Value: arn},
		value.Member{Key: "ResultFiles", Value: value.Object(lists...)},
	)
	if err := w.put(key, manifest.String()); err != nil {
		return nil, writerError(err)
	}
	return value.DocOf(value.Object(
		value.Member{Key: "MapRunArn", Value: arn},
		value.Member{Key: "ResultWriterDetails", Value: value.Object(
			value.Member{Key: "Bucket", Value: value.String(w.bucket)}, value.Member{Key: "Key", Value: value.String(key)})},
	)), nil
}

func (w *writer) put(key, text string) error {
	if w.run.options.Objects == nil {
		return errNoStore
	}
	f, err := w.run.options.Objects.Create(w.run.ctx, w.bucket, key)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(f, text); err != nil {
		return err
	}
	return f.Close()
}
