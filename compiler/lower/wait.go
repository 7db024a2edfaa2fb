package lower

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

func (w writer) wait(s *spec.Wait) *asl.Wait {
	return &asl.Wait{Seconds: w.scalar(s.Seconds), Timestamp: w.scalar(s.Until)}
}
