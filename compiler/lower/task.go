package lower

import (
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

const lambdaInvoke = "arn:aws:states:::lambda:invoke"

func (b *builder) call(s *spec.Call) {
	n := b.state(s)
	n.result = s.Result
	b.land(n)
	b.fallible(n)
}

func (w writer) task(s *spec.Call) *asl.Task {
	t := &asl.Task{
		Resource: s.Task.Target, Arguments: w.scalar(s.Input), Retry: retriers(s.Retry),
		TimeoutSeconds: seconds(s.Timeout), HeartbeatSeconds: seconds(s.Heartbeat),
	}
	t.Comment = comment(s.Task.Doc)
	if s.Task.Resource == spec.Lambda {
		t.Resource = lambdaInvoke
		members := []value.Member{{Key: "FunctionName", Value: value.String(s.Task.Target)}}
		if s.Input != nil {
			members = append(members, value.Member{Key: "Payload", Value: w.value(s.Input)})
		}
		t.Arguments = value.Object(members...)
	}
	return t
}

func isLambda(n *node) bool {
	s, ok := n.step.(*spec.Call)
	return ok && s.Task.Resource == spec.Lambda
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
