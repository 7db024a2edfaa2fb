package memory_test

import (
	"testing"

	"github.com/stepsmith-dev/stepsmith/runtime/store"
	"github.com/stepsmith-dev/stepsmith/runtime/store/memory"
	"github.com/stepsmith-dev/stepsmith/runtime/store/storetest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(*testing.T) store.Store { return memory.New() }, nil)
}
