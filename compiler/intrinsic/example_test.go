package intrinsic_test

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/intrinsic"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func ExampleCompile() {
	call, err := intrinsic.Compile("States.Format('{} has {} items', $.name, States.ArrayLength($.items))")
	if err != nil {
		fmt.Println(err)
		return
	}
	input, err := value.Parse(`{"name":"The order","items":[1,2,3]}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(call.Eval(&jsonpath.Scope{Input: input}))
	// Output: "The order has 3 items" <nil>
}

func ExampleSyntaxError() {
	_, err := intrinsic.Compile("States.MathAdd($.n, 'one')")
	e := err.(*intrinsic.SyntaxError)
	fmt.Println(e.Offset, e.Message)
	// Output: 20 argument 2 of States.MathAdd must be of type number, but is string
}

func ExampleCompileDynamic() {
	s := &jsonpath.Scope{Input: value.Object(value.Member{Key: "id", Value: value.Int(7)})}
	for _, text := range []string{"$.id", "States.JsonToString($.id)", "hello"} {
		e, err := intrinsic.CompileDynamic(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(e.Eval(s))
	}
	// Output:
	// 7 <nil>
	// "7" <nil>
	// there is no intrinsic function hello
}
