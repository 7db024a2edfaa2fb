package graph

import "strings"

// Kind tells the forms of a task's Resource apart.
type Kind uint8

// The kinds of resources.
const (
	// Service is an integration: arn:aws:states:::sqs:sendMessage and the like.
	Service Kind = iota
	// Lambda is a function given by its own ARN.
	Lambda
	// Activity is an activity given by its ARN.
	Activity
)

// Pattern is how a task waits for its result.
type Pattern uint8

// The integration patterns.
const (
	// RequestResponse takes the service's answer as the result.
	RequestResponse Pattern = iota
	// Sync waits until the started job is done (.sync).
	Sync
	// Sync2 is Sync with the job's output as JSON (.sync:2).
	Sync2
	// Callback waits until somebody returns the task token (.waitForTaskToken).
	Callback
)

// A Resource is a parsed Resource field.
type Resource struct {
	// ARN is the field as written.
	ARN     string
	Kind    Kind
	Pattern Pattern
	// Type and Name are the resourceType and resource of history events, such
	// as "lambda" and "invoke", "aws-sdk:s3" and "getObject", or "states" and
	// "startExecution.sync:2". They are empty for Lambda and Activity.
	Type, Name string
}

// Action is Name without the suffix that chooses the pattern.
func (r Resource) Action() string {
	action, _, _ := strings.Cut(r.Name, ".")
	return action
}

// ParseResource takes a Resource field apart. Anything that is neither a
// service integration nor a Lambda function is taken for an activity or
// another worker: it is invoked by its whole text.
func ParseResource(arn string) Resource {
	r := Resource{ARN: arn, Kind: Activity}
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return r
	}
	service, account, rest := parts[2], parts[4], parts[5]
	switch {
	case service == "lambda":
		r.Kind = Lambda
	case service == "states" && account == "" && parts[3] == "":
		r.Kind = Service
		r.Type, r.Name = splitIntegration(rest)
		r.Pattern = patternOf(r.Name)
	}
	return r
}

// splitIntegration splits "aws-sdk:s3:getObject" before the action; the action
// may itself end in ".sync:2".
func splitIntegration(rest string) (typ, name string) {
	head, suffix, dotted := strings.Cut(rest, ".")
	i := strings.LastIndexByte(head, ':')
	if i < 0 {
		return head, head
	}
	name = head[i+1:]
	if dotted {
		name += "." + suffix
	}
	return head[:i], name
}

func patternOf(name string) Pattern {
	switch {
	case strings.HasSuffix(name, ".sync:2"):
		return Sync2
	case strings.HasSuffix(name, ".sync"):
		return Sync
	case strings.HasSuffix(name, ".waitForTaskToken"):
		return Callback
	}
	return RequestResponse
}
