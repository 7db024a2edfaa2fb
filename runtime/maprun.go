package runtime

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/runtime/standard"
)

// A MapRun tells about the run of a distributed Map state of a Standard
// execution, as DescribeMapRun does.
type MapRun = standard.MapRun

// A MapRunUpdate says what [Engine.UpdateMapRun] changes.
type MapRunUpdate = standard.MapRunUpdate

// DescribeMapRun tells about a map run, given by its ARN. The children are listed
// by [Engine.List] with Query.MapRun.
func (e *Engine) DescribeMapRun(ctx context.Context, arn string) (*MapRun, error) {
	return e.standard.DescribeMapRun(ctx, arn)
}

// MapRuns lists the map runs of an execution, the newest first.
func (e *Engine) MapRuns(ctx context.Context, execution string) ([]*MapRun, error) {
	return e.standard.MapRuns(ctx, execution)
}

// UpdateMapRun changes a map run while it runs: how many children may run at the
// same time, and how many items may fail. One that has ended is refused.
func (e *Engine) UpdateMapRun(ctx context.Context, arn string, u MapRunUpdate) error {
	return e.standard.UpdateMapRun(ctx, arn, u)
}
