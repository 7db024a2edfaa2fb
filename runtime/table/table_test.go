package table_test

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stepsmith-dev/stepsmith/runtime/table"
)

func TestTable(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	var got table.Table[int, int]
	want := make(map[int]int)
	for i := range 10_000 {
		key := r.IntN(12)
		if r.IntN(2) == 0 {
			got.Set(key, i)
			want[key] = i
		} else {
			got.Remove(key)
			delete(want, key)
		}
		if g, w := got.Get(key), want[key]; g != w {
			t.Fatalf("after %d changes: key %d has %d, want %d", i, key, g, w)
		}
		if d := cmp.Diff(want, maps.Collect(got.All())); d != "" {
			t.Fatalf("after %d changes (-want +got):\n%s", i, d)
		}
	}
	for key := range got.All() {
		got.Remove(key)
	}
	if left := maps.Collect(got.All()); len(left) > 0 {
		t.Errorf("%v is left after all was removed", left)
	}
}

func TestFewNeedNoMemory(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() {
		var few table.Table[string, int]
		for _, key := range []string{"a", "b", "a"} {
			few.Set(key, 1)
		}
		few.Remove("b")
		few.Set("c", 1)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
