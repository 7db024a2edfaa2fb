// Lambda is the Lambda function "charge" of the workflow Fulfil. It has the types
// and the errors of package orderstask, and with them no engine.
package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/stepsmith-dev/stepsmith/examples/orders/orderstask"
)

func main() { lambda.Start(charge) }

// charge takes the money. Lambda reports an error under the name of its Go type,
// which is the name that the workflow knows it by.
func charge(_ context.Context, r orderstask.ChargeRequest) (orderstask.Receipt, error) {
	if r.Amount > 500 {
		return orderstask.Receipt{}, orderstask.CardDeclined{Cause: "not that much"}
	}
	return orderstask.Receipt{Number: fmt.Sprintf("R-%.2f-%s", r.Amount, r.Currency)}, nil
}
