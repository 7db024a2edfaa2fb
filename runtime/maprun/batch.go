package maprun

import (
	"errors"
	"io"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// A batcher makes the inputs of children from items.
type batcher struct {
	limits  interp.Batch
	batched bool
	index   int          // of the next item
	kept    *value.Value // an item that did not fit into the last batch
}

// next returns the input of the next child and how many items it has, or io.EOF.
func (b *batcher) next(r *Run) (*value.Doc, int, error) {
	if !b.batched {
		v, err := b.item(r)
		if err != nil {
			return nil, 0, err
		}
		return value.DocOf(v), 1, nil
	}
	most := int64(maxData)
	if b.limits.MaxBytes > 0 {
		most = min(most, b.limits.MaxBytes)
	}
	var items []value.Value
	size := int64(len(`{"Items":[]}`))
	if b.limits.Input != nil {
		size += int64(len(`"BatchInput":,`) + b.limits.Input.Size())
	}
	for b.limits.MaxItems == 0 || int64(len(items)) < b.limits.MaxItems {
		v, err := b.item(r)
		if errors.Is(err, io.EOF) && len(items) > 0 {
			break
		}
		if err != nil {
			return nil, 0, err
		}
		size += int64(len(v.AppendJSON(nil)) + 1)
		if size > most+1 && len(items) > 0 {
			b.kept = &v
			break
		}
		items = append(items, v)
	}
	var members []value.Member
	if b.limits.Input != nil {
		members = append(members, value.Member{Key: "BatchInput", Value: b.limits.Input.Value()})
	}
	members = append(members, value.Member{Key: "Items", Value: value.List(items...)})
	return value.DocOf(value.Object(members...)), len(items), nil
}

// item reads an item and applies ItemSelector to it.
func (b *batcher) item(r *Run) (value.Value, error) {
	if b.kept != nil {
		v := *b.kept
		b.kept = nil
		return v, nil
	}
	v, source, err := r.items.Next()
	if err != nil {
		return value.Value{}, err
	}
	v, err = r.command.Selector.Select(b.index, v, source)
	b.index++
	return v, err
}
