package lower

import (
	"encoding/json"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// The resources of the tasks that have no ARN of their own.
const (
	lambdaInvoke   = "arn:aws:states:::lambda:invoke"
	httpInvoke     = "arn:aws:states:::http:invoke"
	startExecution = "arn:aws:states:::states:startExecution"
	forToken       = ".waitForTaskToken"
	forEnd         = ".sync:2"
)

// ours begins the ARNs of what is deployed beside the workflow. Its placeholders
// are those of CloudFormation.
const ours = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"

func (b *builder) call(s *spec.Call) {
	n := b.state(s)
	n.result = s.Result
	b.land(n)
	b.fallible(n)
}

func (w writer) task(s *spec.Call) *asl.Task {
	t := &asl.Task{Retry: retriers(s.Retry), TimeoutSeconds: seconds(s.Timeout), HeartbeatSeconds: seconds(s.Heartbeat)}
	t.Comment = comment(s.Task.Doc)
	t.Resource, t.Arguments = w.resource(s)
	if s.Pattern == spec.Callback {
		t.Resource += forToken
	}
	if s.TimeoutOf != nil {
		t.TimeoutSeconds = w.value(s.TimeoutOf)
	}
	if s.HeartbeatOf != nil {
		t.HeartbeatSeconds = w.value(s.HeartbeatOf)
	}
	if s.Role != nil {
		t.Credentials = value.Object(value.Member{Key: "RoleArn", Value: w.value(s.Role)})
	}
	return t
}

// resource returns what runs a task and what it is given.
func (w writer) resource(s *spec.Call) (arn string, arguments value.Value) {
	switch target := s.Task.Target; s.Task.Resource {
	case spec.Lambda:
		return lambdaInvoke, w.request("FunctionName", target, "Payload", s.Input)
	case spec.Activity:
		return named("activity:", target), w.scalar(s.Input)
	case spec.HTTP:
		return httpInvoke, w.scalar(connected(s.Input, target))
	case spec.Nested:
		arn := startExecution
		if s.Pattern == spec.Await {
			arn += forEnd
		}
		return arn, w.request("StateMachineArn", named("stateMachine:", target), "Input", s.Input)
	default:
		return target, w.scalar(s.Input)
	}
}

// request is the arguments of a task whose own input is one of them.
func (w writer) request(key, target, inputKey string, input *spec.Expr) value.Value {
	members := []value.Member{{Key: key, Value: value.String(target)}}
	if input != nil {
		members = append(members, value.Member{Key: inputKey, Value: w.value(input)})
	}
	return value.Object(members...)
}

// named is the ARN of something that may be given by its name.
func named(prefix, target string) string {
	if strings.HasPrefix(target, "arn:") || strings.Contains(target, "${") {
		return target
	}
	return ours + prefix + target
}

// connected is an HTTP request through a connection.
func connected(request *spec.Expr, connection string) *spec.Expr {
	text := func(s string) *spec.Expr {
		quoted, _ := json.Marshal(s)
		return &spec.Expr{Op: spec.OpLiteral, Value: quoted, Pos: request.Pos}
	}
	config := &spec.Expr{Op: spec.OpStruct, Names: []string{"ConnectionArn"}, Args: []*spec.Expr{text(connection)}, Pos: request.Pos}
	if request.Op != spec.OpStruct {
		return &spec.Expr{Op: spec.OpPut, Args: []*spec.Expr{request, text("InvocationConfig"), config}, Pos: request.Pos}
	}
	c := *request
	c.Names = append(request.Names[:len(request.Names):len(request.Names)], "InvocationConfig")
	c.Args = append(request.Args[:len(request.Args):len(request.Args)], config)
	return &c
}

// comment is a Go doc comment as a Comment: its lines joined, its paragraphs
// kept apart.
func comment(doc string) string {
	paragraphs := strings.Split(strings.TrimSpace(doc), "\n\n")
	for i, p := range paragraphs {
		paragraphs[i] = strings.Join(strings.Fields(p), " ")
	}
	return strings.Join(paragraphs, "\n")
}
