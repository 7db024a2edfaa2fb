package dbos

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/dbos-inc/dbos-transact-golang/dbos"
	_ "github.com/dbos-inc/dbos-transact-golang/dbos/driver/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/standard/beside"
)

func chain(ctx dbos.Context, n int) (int, error) {
	for range beside.Tasks {
		var err error
		if n, err = dbos.RunAsStep(ctx, func(ctx context.Context) (int, error) { return beside.Add(ctx, n) }); err != nil {
			return 0, err
		}
	}
	return n, nil
}

func BenchmarkDBOS(b *testing.B) {
	// What it opens itself has synchronous=NORMAL: a power loss may take commits
	// back. Apart from that, this is what it does.
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "x.db")+
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=foreign_keys(ON)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(8)
	db.SetMaxIdleConns(4)
	ctx, err := dbos.NewContext(context.Background(), dbos.Config{AppName: "chain", SQLiteSystemDB: db, Logger: beside.Quiet})
	if err != nil {
		b.Fatal(err)
	}
	dbos.RegisterWorkflow(ctx, chain)
	if err := dbos.Launch(ctx); err != nil {
		b.Fatal(err)
	}
	defer dbos.Shutdown(ctx, time.Minute)
	beside.MeasureSQLite(b, func(context.Context) (int, error) {
		h, err := dbos.RunWorkflow(ctx, chain, 0)
		if err != nil {
			return 0, err
		}
		return h.GetResult()
	})
}
