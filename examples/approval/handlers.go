package approval

import (
	"context"
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// Handlers has a boss who thinks for an hour and approves of everything below
// 1000. What the handler returns is sent with the token.
var Handlers = task.Handlers{"ask-boss": task.Func(askBoss)}

type (
	question struct {
		Expense struct {
			Who    string
			Amount float64
		}
	}
	decision struct {
		Approved bool   `json:"approved"`
		By       string `json:"by"`
	}
)

func askBoss(ctx context.Context, q question) (decision, error) {
	fmt.Printf("boss: %s wants %.2f\n", q.Expense.Who, q.Expense.Amount)
	if err := task.Sleep(ctx, time.Hour); err != nil {
		return decision{}, err
	}
	return decision{Approved: q.Expense.Amount < 1000, By: "the boss"}, nil
}
