package approval

import (
	"context"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/examples/approval/approvaltask"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Tasks has a boss who thinks for an hour and approves of everything below 1000.
// When the workflow runs on this machine, what the task returns is sent with the
// token.
var Tasks = approvaltask.Tasks{AskBoss: askBoss}

func askBoss(ctx context.Context, q approvaltask.Question) (approvaltask.Decision, error) {
	fmt.Printf("boss: %s wants %.2f\n", q.Expense.Who, q.Expense.Amount)
	if err := task.Sleep(ctx, time.Hour); err != nil {
		return approvaltask.Decision{}, err
	}
	return approvaltask.Decision{Approved: q.Expense.Amount < 1000, By: "the boss"}, nil
}
