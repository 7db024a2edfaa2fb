package beside

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cschleiden/go-workflows/backend"
	gosqlite "github.com/cschleiden/go-workflows/backend/sqlite"
	"github.com/cschleiden/go-workflows/client"
	"github.com/cschleiden/go-workflows/worker"
	"github.com/cschleiden/go-workflows/workflow"
	"github.com/dbos-inc/dbos-transact-golang/dbos"
	"github.com/google/uuid"
	"github.com/stepsmith-dev/stepsmith/runtime"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// tasks is how many tasks a chain has. Each adds 1.
const tasks = 5

var quiet = slog.New(slog.DiscardHandler)

func add(_ context.Context, n int) (int, error) { return n + 1, nil }

// atOnce measures run at 1, 16 and 64 executions at the same time.
func atOnce(b *testing.B, run func(ctx context.Context) (int, error)) {
	for _, n := range []int{1, 16, 64} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var next atomic.Int64
			var wg sync.WaitGroup
			for range n {
				wg.Go(func() {
					for next.Add(1) <= int64(b.N) {
						if got, err := run(b.Context()); err != nil || got != tasks {
							b.Errorf("%d, %v", got, err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "executions/s")
		})
	}
}

func BenchmarkStandard(b *testing.B) {
	db, err := sqlite.Open(filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	e, err := runtime.New(runtime.Options{Store: db, Logger: quiet})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Shutdown(context.Background())
	var states []string
	for i := range tasks {
		next := `"End": true`
		if i < tasks-1 {
			next = fmt.Sprintf(`"Next": "S%d"`, i+1)
		}
		states = append(states, fmt.Sprintf(`"S%d": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:add", %s}`, i, next))
	}
	w := runtime.Workflow[int, int]{Definition: runtime.Definition{Name: "chain", ASL: `{"StartAt": "S0", "States": {` + strings.Join(states, ",") + `}}`}}
	if err := w.Deploy(b.Context(), e, task.Handlers{"add": task.Func(add)}); err != nil {
		b.Fatal(err)
	}
	atOnce(b, func(ctx context.Context) (int, error) {
		x, err := w.Start(ctx, e, 0)
		if err != nil {
			return 0, err
		}
		return x.Wait(ctx)
	})
}

func chain(ctx workflow.Context) (n int, err error) {
	for range tasks {
		if n, err = workflow.ExecuteActivity[int](ctx, workflow.DefaultActivityOptions, add, n).Get(ctx); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func BenchmarkGoWorkflows(b *testing.B) {
	be := gosqlite.NewSqliteBackend(filepath.Join(b.TempDir(), "x.db"), gosqlite.WithBackendOptions(backend.WithLogger(quiet)))
	ctx, cancel := context.WithCancel(context.Background())
	w := worker.New(be, nil)
	w.RegisterWorkflow(chain)
	w.RegisterActivity(add)
	if err := w.Start(ctx); err != nil {
		b.Fatal(err)
	}
	c := client.New(be)
	atOnce(b, func(ctx context.Context) (int, error) {
		x, err := c.CreateWorkflowInstance(ctx, client.WorkflowInstanceOptions{InstanceID: uuid.NewString()}, chain)
		if err != nil {
			return 0, err
		}
		return client.GetWorkflowResult[int](ctx, c, x, time.Minute)
	})
	cancel()
	if err := w.WaitForCompletion(); err != nil {
		b.Error(err)
	}
	be.Close()
}

func dbosChain(ctx dbos.DBOSContext, n int) (int, error) {
	for range tasks {
		var err error
		if n, err = dbos.RunAsStep(ctx, func(ctx context.Context) (int, error) { return add(ctx, n) }); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func BenchmarkDBOS(b *testing.B) {
	url := os.Getenv("STEPSMITH_POSTGRES")
	if url == "" {
		b.Skip("STEPSMITH_POSTGRES is not set: DBOS needs a PostgreSQL database")
	}
	ctx, err := dbos.NewDBOSContext(context.Background(), dbos.Config{AppName: "chain", DatabaseURL: url, Logger: quiet})
	if err != nil {
		b.Fatal(err)
	}
	dbos.RegisterWorkflow(ctx, dbosChain)
	if err := dbos.Launch(ctx); err != nil {
		b.Fatal(err)
	}
	defer dbos.Shutdown(ctx, time.Minute)
	atOnce(b, func(context.Context) (int, error) {
		h, err := dbos.RunWorkflow(ctx, dbosChain, 0)
		if err != nil {
			return 0, err
		}
		return h.GetResult()
	})
}
