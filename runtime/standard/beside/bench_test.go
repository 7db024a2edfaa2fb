package beside

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

func BenchmarkStandard(b *testing.B) {
	db, err := sqlite.Open(filepath.Join(b.TempDir(), "x.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	e, err := runtime.New(runtime.Options{Store: db, Logger: Quiet})
	if err != nil {
		b.Fatal(err)
	}
	defer e.Shutdown(context.Background())
	var states []string
	for i := range Tasks {
		next := `"End": true`
		if i < Tasks-1 {
			next = fmt.Sprintf(`"Next": "S%d"`, i+1)
		}
		states = append(states, fmt.Sprintf(`"S%d": {"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:123456789012:function:add", %s}`, i, next))
	}
	w := runtime.Workflow[int, int]{Definition: runtime.Definition{Name: "chain", ASL: `{"StartAt": "S0", "States": {` + strings.Join(states, ",") + `}}`}}
	if err := w.Deploy(b.Context(), e, task.Handlers{"add": task.Func(Add)}); err != nil {
		b.Fatal(err)
	}
	MeasureSQLite(b, func(ctx context.Context) (int, error) {
		x, err := w.Start(ctx, e, 0)
		if err != nil {
			return 0, err
		}
		return x.Wait(ctx)
	})
}

func chain(ctx workflow.Context) (n int, err error) {
	for range Tasks {
		if n, err = workflow.ExecuteActivity[int](ctx, workflow.DefaultActivityOptions, Add, n).Get(ctx); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func BenchmarkGoWorkflows(b *testing.B) {
	// Its own SQLite backend has WAL and SQLite's default for synchronous, FULL.
	be := gosqlite.NewSqliteBackend(filepath.Join(b.TempDir(), "x.db"), gosqlite.WithBackendOptions(backend.WithLogger(Quiet)))
	defer be.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	// By default it looks for work every 200 ms, and that is all that would be
	// measured. Other numbers of pollers than its default are no faster.
	o := worker.DefaultOptions
	o.WorkflowPollingInterval, o.ActivityPollingInterval = time.Millisecond, time.Millisecond
	w := worker.New(be, &o)
	w.RegisterWorkflow(chain)
	w.RegisterActivity(Add)
	if err := w.Start(ctx); err != nil {
		b.Fatal(err)
	}
	c := client.New(be)
	MeasureSQLite(b, func(ctx context.Context) (int, error) {
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
}

func dbosChain(ctx dbos.DBOSContext, n int) (int, error) {
	for range Tasks {
		var err error
		if n, err = dbos.RunAsStep(ctx, func(ctx context.Context) (int, error) { return Add(ctx, n) }); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func BenchmarkDBOSPostgres(b *testing.B) {
	url := os.Getenv("STEPSMITH_POSTGRES")
	if url == "" {
		b.Skip("STEPSMITH_POSTGRES is not set: DBOS v0.9.0 needs a PostgreSQL database")
	}
	ctx, err := dbos.NewDBOSContext(context.Background(), dbos.Config{AppName: "chain", DatabaseURL: url, Logger: Quiet})
	if err != nil {
		b.Fatal(err)
	}
	dbos.RegisterWorkflow(ctx, dbosChain)
	if err := dbos.Launch(ctx); err != nil {
		b.Fatal(err)
	}
	defer dbos.Shutdown(ctx, time.Minute)
	Measure(b, func(context.Context) (int, error) {
		h, err := dbos.RunWorkflow(ctx, dbosChain, 0)
		if err != nil {
			return 0, err
		}
		return h.GetResult()
	})
}
