package intrinsic

import (
	"fmt"
	"math"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// kinds is a set of kinds of values.
type kinds uint16

func kindsOf(list ...value.Kind) (k kinds) {
	for _, kind := range list {
		k |= 1 << kind
	}
	return k
}

func (k kinds) has(kind value.Kind) bool { return k&(1<<kind) != 0 }

// any reports whether the sets have a kind in common.
func (k kinds) any(other kinds) bool { return k&other != 0 }

func (k kinds) String() string {
	var names []string
	for kind := value.KindNull; kind <= value.KindObject; kind++ {
		if k.has(kind) {
			names = append(names, kind.String())
		}
	}
	return strings.Join(names, " or ")
}

var (
	text     = kindsOf(value.KindString)
	num      = kindsOf(value.KindNumber)
	boolean  = kindsOf(value.KindBool)
	array    = kindsOf(value.KindList)
	object   = kindsOf(value.KindObject)
	anything = text | num | boolean | array | object | kindsOf(value.KindNull)
)

// A function is one of the intrinsic functions.
type function struct {
	name        string
	least, most int     // arguments
	params      []kinds // the last one stands for all further ones
	result      kinds
	walks       bool // looks at all of its arguments; see MaxSize
	// prepare looks at a call when it is compiled; where something is wrong it
	// says what, and with which argument.
	prepare func(c *Call) (arg int, message string)
	// eval is given arguments of the right number and kinds.
	eval func(c *Call, s *jsonpath.Scope, args []value.Value) (value.Value, error)
}

func (f *function) param(i int) kinds { return f.params[min(i, len(f.params)-1)] }

func (f *function) arity() string {
	switch {
	case f.most == 1:
		return fmt.Sprintf("%d argument", f.least)
	case f.least == f.most:
		return fmt.Sprintf("%d arguments", f.least)
	case f.most == math.MaxInt:
		return fmt.Sprintf("at least %d arguments", f.least)
	}
	return fmt.Sprintf("%d or %d arguments", f.least, f.most)
}

func (f *function) mistake(i int, got string) string {
	return fmt.Sprintf("argument %d of %s must be of type %s, but is %s", i+1, f.name, f.param(i), got)
}

// functions has every intrinsic function by its name. It never changes.
var functions = table(
	function{name: "States.Format", least: 1, most: math.MaxInt, params: []kinds{text, anything}, result: text, walks: true, prepare: prepareFormat, eval: format},
	function{name: "States.StringToJson", least: 1, most: 1, params: []kinds{text}, result: anything, walks: true, eval: stringToJSON},
	function{name: "States.JsonToString", least: 1, most: 1, params: []kinds{anything}, result: text, walks: true, eval: jsonToString},
	function{name: "States.StringSplit", least: 2, most: 2, params: []kinds{text}, result: array, eval: stringSplit},
	function{name: "States.Array", most: math.MaxInt, params: []kinds{anything}, result: array, eval: newArray},
	function{name: "States.ArrayPartition", least: 2, most: 2, params: []kinds{array, num}, result: array, eval: arrayPartition},
	function{name: "States.ArrayContains", least: 2, most: 2, params: []kinds{array, anything}, result: boolean, walks: true, eval: arrayContains},
	function{name: "States.ArrayRange", least: 3, most: 3, params: []kinds{num}, result: array, eval: arrayRange},
	function{name: "States.ArrayGetItem", least: 2, most: 2, params: []kinds{array, num}, result: anything, eval: arrayGetItem},
	function{name: "States.ArrayLength", least: 1, most: 1, params: []kinds{array}, result: num, eval: arrayLength},
	function{name: "States.ArrayUnique", least: 1, most: 1, params: []kinds{array}, result: array, walks: true, eval: arrayUnique},
	function{name: "States.Base64Encode", least: 1, most: 1, params: []kinds{text}, result: text, eval: base64Encode},
	function{name: "States.Base64Decode", least: 1, most: 1, params: []kinds{text}, result: text, eval: base64Decode},
	function{name: "States.Hash", least: 2, most: 2, params: []kinds{anything, text}, result: text, walks: true, prepare: prepareHash, eval: hash},
	function{name: "States.JsonMerge", least: 3, most: 3, params: []kinds{object, object, boolean}, result: object, prepare: prepareMerge, eval: jsonMerge},
	function{name: "States.MathRandom", least: 2, most: 3, params: []kinds{num}, result: num, eval: mathRandom},
	function{name: "States.MathAdd", least: 2, most: 2, params: []kinds{num}, result: num, eval: mathAdd},
	function{name: "States.UUID", params: []kinds{anything}, result: text, eval: uuid},
)

func table(list ...function) map[string]*function {
	m := make(map[string]*function, len(list))
	for i := range list {
		m[list[i].name] = &list[i]
	}
	return m
}

// MaxSize is how many bytes of JSON text the arguments may have together of a
// function that looks at all of them. AWS has no document of more than 256 KiB,
// but values in the making can share their parts and be far larger.
const MaxSize = 1 << 20

// whole rounds a number as Java's Math.round does, half up, and wants the result
// between -2^31 and 2^31.
func whole(v value.Value, what string) (int, error) {
	f, _ := v.Float()
	f = round(f)
	if !(f >= -1<<31 && f <= 1<<31) {
		return 0, fmt.Errorf("the %s must be between -2147483648 and 2147483648, but is %s", what, v)
	}
	return int(f), nil
}

// round rounds half up, towards positive infinity. Adding a half first would
// round the largest number below it up.
func round(f float64) float64 {
	down := math.Floor(f)
	if f-down >= 0.5 {
		return down + 1
	}
	return down
}
