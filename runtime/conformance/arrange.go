package conformance

import (
	"iter"
	"slices"

	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// maxMasked bounds the outcomes of which all arrangements are tried.
const maxMasked = 5

// arrangements returns the other ways in which results can belong to tasks when
// the recorder masked that.
func arrangements(list []*replay.Outcome) iter.Seq[[]*replay.Outcome] {
	return func(yield func([]*replay.Outcome) bool) {
		var masked []int
		for i, o := range list {
			if o.State == "" {
				masked = append(masked, i)
			}
		}
		if len(masked) < 2 || len(masked) > maxMasked {
			return
		}
		permute(slices.Clone(masked), 0, func(order []int) bool {
			arranged := make([]*replay.Outcome, len(list))
			for i, o := range list {
				arranged[i] = o.Fresh()
			}
			fresh := slices.Clone(arranged)
			for i, from := range order {
				arranged[masked[i]] = fresh[from]
			}
			return yield(arranged)
		})
	}
}

// permute visits every order of the items from k on, until visit says no.
func permute(items []int, k int, visit func([]int) bool) bool {
	if k == len(items) {
		return visit(items)
	}
	for i := k; i < len(items); i++ {
		items[k], items[i] = items[i], items[k]
		if !permute(items, k+1, visit) {
			return false
		}
		items[k], items[i] = items[i], items[k]
	}
	return true
}
