// A module of its own: only Lambda functions need AWS's library.
module github.com/stepsmith-dev/stepsmith/examples/orders/lambda

go 1.26

require (
	github.com/aws/aws-lambda-go v1.55.1
	github.com/stepsmith-dev/stepsmith v0.0.0
)

replace github.com/stepsmith-dev/stepsmith => ../../..
