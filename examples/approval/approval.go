// Package approval asks a person: a task that is done when somebody sends its
// token back, with a time limit.
package approval

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

// An Expense wants to be paid.
type Expense struct {
	Who    dsl.String `json:"who"`
	Amount dsl.Float  `json:"amount"`
}

// A Question is what the boss gets; the token comes back with the answer.
type Question struct {
	Expense Expense    `json:"expense"`
	Token   dsl.String `json:"token"`
}

// A Decision is the answer.
type Decision struct {
	Approved dsl.Bool   `json:"approved"`
	By       dsl.String `json:"by"`
}

// AskBoss sends a mail with two buttons. Whoever presses one sends the token to
// SendTaskSuccess.
var AskBoss = dsl.Lambda[Question, Decision]("ask-boss").Named("Ask boss").Timeout(72 * time.Hour).WaitForTaskToken()

// Approve decides about an expense: small ones at once, others by the boss, who
// has three days.
var Approve = dsl.Standard("Approve", func(f *dsl.Flow, e Expense) Decision {
	return dsl.Switch[Decision](f, "Small?").
		Case(dsl.Le(e.Amount, 50), func(f *dsl.Flow) Decision {
			return Decision{Approved: dsl.V(true), By: dsl.V("policy")}
		}).
		Default(func(f *dsl.Flow) Decision {
			return dsl.Try(f,
				func(f *dsl.Flow) Decision {
					return AskBoss.Call(f, func(token dsl.String) Question { return Question{Expense: e, Token: token} })
				},
				dsl.Catch(func(f *dsl.Flow, _ dsl.Error) Decision {
					return Decision{Approved: dsl.V(false), By: dsl.V("nobody in time")}
				}, dsl.Timeout))
		})
})
