package intrinsic

import (
	"errors"
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// MaxRange is how many numbers States.ArrayRange makes at most.
const MaxRange = 1000

func newArray(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	return value.List(append([]value.Value(nil), args...)...), nil
}

func arrayPartition(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	size, err := whole(args[1], "chunk size")
	if err != nil {
		return value.Value{}, err
	}
	if size <= 0 {
		return value.Value{}, fmt.Errorf("the chunk size must be greater than 0, but is %s", args[1])
	}
	items := args[0].Items()
	chunks := make([]value.Value, 0, len(items)/size+1)
	for len(items) > 0 {
		n := min(size, len(items))
		chunks = append(chunks, value.List(items[:n:n]...))
		items = items[n:]
	}
	return value.List(chunks...), nil
}

func arrayContains(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	for _, item := range args[0].Items() {
		if value.Equal(item, args[1]) {
			return value.Bool(true), nil
		}
	}
	return value.Bool(false), nil
}

func arrayRange(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	first, err1 := whole(args[0], "start")
	last, err2 := whole(args[1], "end")
	step, err3 := whole(args[2], "step")
	if err := errors.Join(err1, err2, err3); err != nil {
		return value.Value{}, err
	}
	if step == 0 {
		return value.Value{}, errors.New("the step must not be 0")
	}
	count := (last-first)/step + 1
	if (last-first)%step != 0 && (last < first) != (step < 0) {
		count = 0
	}
	if count = max(count, 0); count > MaxRange {
		return value.Value{}, fmt.Errorf("the range has %d items, more than %d", count, MaxRange)
	}
	items := make([]value.Value, count)
	for i := range items {
		items[i] = value.Int(int64(first + i*step))
	}
	return value.List(items...), nil
}

func arrayGetItem(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	i, err := whole(args[1], "index")
	if err != nil {
		return value.Value{}, err
	}
	item := args[0].Index(i)
	if item.IsUndefined() {
		return value.Value{}, fmt.Errorf("the index %d is out of bounds of an array of %d items", i, args[0].Len())
	}
	return item, nil
}

func arrayLength(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	return value.Int(int64(args[0].Len())), nil
}

// arrayUnique keeps the first of equal items.
func arrayUnique(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	var unique value.Set
	kept := make([]value.Value, 0, args[0].Len())
	for _, item := range args[0].Items() {
		if unique.Add(item) {
			kept = append(kept, item)
		}
	}
	return value.List(kept...), nil
}
