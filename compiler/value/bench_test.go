package value

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// document makes a document of about that many bytes, of the sort that
// workflows carry.
func document(size int) string {
	var b strings.Builder
	b.WriteString(`{"requestId":"7b1f5a8e-3f0e-4a52-9b57-3d1c6a2f9e10","dryRun":false,"items":[`)
	for i := 0; b.Len() < size-180; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"id":%d,"sku":"SKU-%05d","title":"Blue \"classic\" mug, 30 cl","price":%d.95,"qty":%d,"tags":["kitchen","ceramic"],"gift":%t,"note":null}`,
			1000+i, i, 10+i%7, 1+i%3, i%2 == 0)
	}
	b.WriteString(`],"customer":{"name":"Żaneta Nowak","email":"zaneta@example.com","address":{"city":"Łódź","zip":"90-001"}},"total":1234.5}`)
	return b.String()
}

var sizes = []struct {
	name string
	text string
}{{"1KB", document(1 << 10)}, {"50KB", document(50 << 10)}}

func BenchmarkValid(b *testing.B) {
	for _, size := range sizes {
		data := []byte(size.text)
		compare(b, size.name, size.text, func() {
			if _, err := ParseDoc(size.text); err != nil {
				b.Fatal(err)
			}
		}, func() {
			if !json.Valid(data) {
				b.Fatal("not valid")
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	for _, size := range sizes {
		data := []byte(size.text)
		compare(b, size.name, size.text, func() {
			if _, err := Parse(size.text); err != nil {
				b.Fatal(err)
			}
		}, func() {
			var v any
			if err := json.Unmarshal(data, &v); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func BenchmarkEncode(b *testing.B) {
	for _, size := range sizes {
		v, err := Parse(size.text)
		if err != nil {
			b.Fatal(err)
		}
		var tree any
		if err := json.Unmarshal([]byte(size.text), &tree); err != nil {
			b.Fatal(err)
		}
		compare(b, size.name, size.text, func() {
			v.AppendJSON(nil)
		}, func() {
			if _, err := json.Marshal(tree); err != nil {
				b.Fatal(err)
			}
		})
	}
}

func compare(b *testing.B, size, text string, ours, theirs func()) {
	for _, side := range []struct {
		name string
		run  func()
	}{{"value", ours}, {"encoding-json", theirs}} {
		b.Run(size+"/"+side.name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				side.run()
			}
		})
	}
}
