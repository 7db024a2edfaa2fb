package intrinsic

import (
	"errors"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

const shallow = "the third argument must be false: AWS merges shallowly only"

func prepareMerge(c *Call) (int, string) {
	if deep, ok := c.args[2].literal.Bool(); ok && deep {
		return 2, shallow
	}
	return 0, ""
}

// jsonMerge takes the members of both objects; the second one wins. Their order
// is that of a java.util.HashMap, as AWS has it.
func jsonMerge(_ *Call, _ *jsonpath.Scope, args []value.Value) (value.Value, error) {
	if deep, _ := args[2].Bool(); deep {
		return value.Value{}, errors.New(shallow)
	}
	first, second := args[0].Members(), args[1].Members()
	members := make([]value.Member, 0, len(first)+len(second))
	for _, m := range first {
		if !args[1].Has(m.Key) {
			members = append(members, m)
		}
	}
	members = append(members, second...)
	value.HashOrder(members, func(m value.Member) string { return m.Key })
	return value.Object(members...), nil
}
