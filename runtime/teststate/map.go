package teststate

import (
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// iterate makes the inputs of a Map state's iterations and counts its failures.
// It returns nil when the mock decides.
func (t *test) iterate(run *interp.StartMapRun) (*interp.Answer, error) {
	items, known, err := t.items(run)
	if err != nil {
		return nil, err
	}
	if run.Map.ItemSelector != nil && known {
		if items, err = selected(run, items); err != nil {
			var failure *interp.RunError
			if !errors.As(err, &failure) {
				return nil, err
			}
			return &interp.Answer{Error: &failure.Name, Cause: &failure.Cause}, nil
		}
		t.inspect.data.AfterItemSelector = history.Ref(value.List(items...).String())
	}
	if d := run.Map.Distributed; d != nil && d.Batcher != nil && known {
		items = batches(items, run.Batch)
		t.inspect.data.AfterItemBatcher = history.Ref(value.List(items...).String())
	}
	return t.tolerate(run, len(items), known)
}

// items are the items of a Map state: those of its data, or what its ItemReader
// is said to have read. They are not known when nothing is said.
func (t *test) items(run *interp.StartMapRun) (items []value.Value, known bool, err error) {
	if run.Items != nil {
		return run.Items.Value().Items(), true, nil
	}
	c := t.request.Configuration
	if c == nil || c.MapItemReaderData == nil {
		return nil, false, nil
	}
	v, err := value.Parse(*c.MapItemReaderData)
	if err != nil {
		return nil, false, invalid("Map item reader data must be valid JSON")
	}
	if pointer := run.Map.Distributed.Reader.Config.ItemsPointer; pointer != "" && v.Kind() == value.KindObject {
		v = resolve(v, pointer)
		t.inspect.data.AfterItemsPointer = history.Ref(v.String())
	}
	if v.Kind() != value.KindList {
		return nil, false, invalid("Map item reader data must be an array")
	}
	return v.Items(), true, nil
}

func selected(run *interp.StartMapRun, items []value.Value) ([]value.Value, error) {
	source := "" // an inline Map has none
	switch {
	case run.Reader != nil:
		bucket, _ := run.Reader.Value().Get("Bucket").Str()
		key, _ := run.Reader.Value().Get("Key").Str()
		source = "S3://" + bucket + "/" + key
	case run.Map.Distributed != nil:
		source = "STATE_DATA"
	}
	list := make([]value.Value, len(items))
	for i, item := range items {
		var err error
		if list[i], err = run.Selector.Select(i, item, source); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// tolerate fails a Map state when more of its iterations fail than it says it
// tolerates.
func (t *test) tolerate(run *interp.StartMapRun, n int, known bool) (*interp.Answer, error) {
	c, d := t.request.Configuration, run.Map.Distributed
	if c == nil || c.MapIterationFailureCount == nil {
		return nil, nil
	}
	failures := *c.MapIterationFailureCount
	if !known && t.mocked != nil {
		n, known = t.mocked.Value().Len(), true
	}
	if known {
		if err := tooManyFailures(failures, n); err != nil {
			return nil, err
		}
	}
	if t.mocked == nil || d == nil {
		return nil, nil // the mocked error decides
	}
	exceeded := d.ToleratedCount != nil && int64(failures) > run.ToleratedCount ||
		d.ToleratedPercentage != nil && n > 0 && float64(failures)*100/float64(n) > run.ToleratedPercentage
	if !exceeded {
		return nil, nil
	}
	return &interp.Answer{
		Error: history.Ref("States.ExceedToleratedFailureThreshold"),
		Cause: history.Ref("The specified tolerated failure threshold was exceeded"),
	}, nil
}

// batches groups items as an ItemBatcher does.
func batches(items []value.Value, b interp.Batch) []value.Value {
	var list, batch []value.Value
	var size int64
	end := func() {
		var members []value.Member
		if b.Input != nil {
			members = append(members, value.Member{Key: "BatchInput", Value: b.Input.Value()})
		}
		list = append(list, value.Object(append(members, value.Member{Key: "Items", Value: value.List(batch...)})...))
		batch, size = nil, 0
	}
	envelope := int64(len(`{"Items":[]}`))
	if b.Input != nil {
		envelope += int64(len(`"BatchInput":,`) + b.Input.Size())
	}
	for _, item := range items {
		length := int64(len(item.AppendJSON(nil)) + 1)
		full := b.MaxItems > 0 && int64(len(batch)) >= b.MaxItems || b.MaxBytes > 0 && envelope+size+length > b.MaxBytes+1
		if full && len(batch) > 0 {
			end()
		}
		batch, size = append(batch, item), size+length
	}
	if len(batch) > 0 {
		end()
	}
	return list
}
