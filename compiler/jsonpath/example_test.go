package jsonpath_test

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/jsonpath"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func input() *jsonpath.Scope {
	doc, err := value.Parse(`{"order":{"id":"o-1","items":[{"sku":"a","qty":2},{"sku":"b","qty":1}]}}`)
	if err != nil {
		panic(err)
	}
	return &jsonpath.Scope{Input: doc}
}

func ExampleCompile() {
	for _, text := range []string{"$.order.id", "$.order.items[?(@.qty > 1)].sku", "$.nothing[*]", "$.order.total"} {
		path, err := jsonpath.Compile(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		v, err := path.Eval(input())
		fmt.Println(path.Definite(), v, err)
	}
	// Output:
	// true "o-1" <nil>
	// false ["a"] <nil>
	// false [] <nil>
	// true undefined Invalid path '$.order.total' : No results for path: $['order']['total']
}

func ExamplePath_Set() {
	path := jsonpath.MustCompile("$.order.payment.receipt")
	doc, err := path.Set(input().Input, value.String("r-9"))
	fmt.Println(doc, err)
	// Output: {"order":{"id":"o-1","items":[{"sku":"a","qty":2},{"sku":"b","qty":1}],"payment":{"receipt":"r-9"}}} <nil>
}

func ExampleCompileTemplate() {
	parameters, err := value.Parse(`{"Key.$":"$.order.id","Table":"orders","Skus":{"All.$":"$.order.items[*].sku"}}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	template, err := jsonpath.CompileTemplate(parameters, func(text string) (jsonpath.Evaluator, error) {
		return jsonpath.Compile(text)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := template.Eval(input())
	fmt.Println(v, err)
	// Output: {"Table":"orders","Skus":{"All":["a","b"]},"Key":"o-1"} <nil>
}

func ExampleError() {
	_, err := jsonpath.Compile("$.order items")
	e := err.(*jsonpath.Error)
	fmt.Println(e.Offset, e.Message)
	// Output: 7 a space is not allowed here: write names with spaces as ['a b']
}
