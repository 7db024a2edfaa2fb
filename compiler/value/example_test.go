package value_test

import (
	"fmt"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

func ExampleParse() {
	v, err := value.Parse(`{"total": 1.0, "id": 9007199254740993}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(v.With("paid", value.Bool(true)))
	// Output: {"total":1.0,"id":9007199254740993,"paid":true}
}

func ExampleDoc() {
	d, _ := value.ParseDoc(`{ "kept" : "as it came" }`)
	fmt.Println(d.Value().Get("kept"))
	fmt.Println(d.Text())
	fmt.Println(value.JoinDocs([]*value.Doc{d, value.DocOf(value.Int(1))}))
	// Output:
	// "as it came"
	// { "kept" : "as it came" }
	// [{ "kept" : "as it came" },1]
}

func ExampleSyntaxError() {
	_, err := value.Parse(`{"a": 1,}`)
	fmt.Println(err)
	// Output: invalid JSON at offset 8: unexpected '}', want a key in double quotes
}

func ExampleHashOrder() {
	keys := []string{"second", "first", "third"}
	value.HashOrder(keys, func(k string) string { return k })
	fmt.Println(keys)
	// Output: [third first second]
}
