package standard_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/standard"
	"github.com/stepsmith-dev/stepsmith/runtime/store/sqlite"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// The variables that make the test binary a process that runs chains of five
// tasks: the folder of its database, and how many run at the same time.
const (
	chainFolder = "STEPSMITH_CHAINS"
	chainAtOnce = "STEPSMITH_CHAINS_AT_ONCE"
	chainsEach  = 10
)

// runChains is the process. It says when it begins and when it is done.
func runChains(folder string) int {
	if err := chains(folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func chains(folder string) error {
	ctx := context.Background()
	db, err := sqlite.Open(filepath.Join(folder, "x.db"))
	if err != nil {
		return err
	}
	e, err := standard.Open(ctx, standard.Options{Store: db, Compile: compile, Logger: quiet})
	if err != nil {
		return err
	}
	if _, err := e.Deploy(ctx, "chain", "STANDARD", chain(5), task.Handlers{"add": add(1)}); err != nil {
		return err
	}
	var atOnce int
	fmt.Sscan(os.Getenv(chainAtOnce), &atOnce)
	fmt.Println("begin")
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for range chainsEach {
				x, err := e.Start(ctx, "chain", "", value.DocOf(value.Int(1)))
				if err != nil {
					panic(err)
				}
				if _, err := e.Wait(ctx, x.ARN); err != nil {
					panic(err)
				}
			}
		})
	}
	wg.Wait()
	fmt.Println("end")
	return nil
}

// migrateFolder is the variable that makes the test binary a process that opens
// the database of a folder and closes it.
const migrateFolder = "STEPSMITH_MIGRATE"

func runMigration(folder string) int {
	s, err := sqlite.Open(filepath.Join(folder, "x.db"))
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
