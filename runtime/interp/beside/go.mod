// Benchmarks beside another engine. They are a module of their own, so that
// nobody who uses this one has the other in his go.sum.
module github.com/stepsmith-dev/stepsmith/runtime/interp/beside

go 1.26

require (
	github.com/coinbase/step v1.0.2
	github.com/stepsmith-dev/stepsmith v0.0.0
)

require (
	github.com/aws/aws-lambda-go v1.17.0 // indirect
	github.com/aws/aws-sdk-go v1.31.8 // indirect
	github.com/jmespath/go-jmespath v0.3.0 // indirect
	go.yaml.in/yaml/v3 v3.0.4 // indirect
)

replace github.com/stepsmith-dev/stepsmith => ../../..
