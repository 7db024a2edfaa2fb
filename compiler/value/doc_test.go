package value

import (
	"strings"
	"sync"
	"testing"
)

func TestDoc(t *testing.T) {
	t.Parallel()
	const text = ` { "b" : 1.0, "a" : [ ] } `
	d, err := ParseDoc(text)
	if err != nil {
		t.Fatal(err)
	}
	if d.Text() != text || d.String() != text || d.Size() != len(text) {
		t.Errorf("the text is %q", d.Text())
	}
	if got := d.Value().String(); got != `{"b":1.0,"a":[]}` {
		t.Errorf("the value is %s", got)
	}
	if d.Text() != text {
		t.Errorf("looking into it made it %q", d.Text())
	}
	made := DocOf(d.Value().With("c", Null()))
	if made.Text() != `{"b":1.0,"a":[],"c":null}` || made.Size() != len(made.Text()) {
		t.Errorf("got %s", made)
	}
	if DocOf(Value{}).Text() != "null" || !DocOf(Value{}).Value().IsNull() {
		t.Error("an undefined document is not null")
	}
}

func TestJoinDocs(t *testing.T) {
	t.Parallel()
	raw, err := ParseDoc(` {"a": 1} `)
	if err != nil {
		t.Fatal(err)
	}
	joined := JoinDocs([]*Doc{raw, DocOf(String("x")), JoinDocs(nil)})
	want := `[ {"a": 1} ,"x",[]]`
	if joined.Size() != len(want) || joined.Text() != want || joined.Size() != len(want) {
		t.Errorf("got %d %s", joined.Size(), joined)
	}
	if got := joined.Value().String(); got != `[{"a":1},"x",[]]` {
		t.Errorf("got %s", got)
	}
	if JoinDocs([]*Doc{raw}).Value().Index(0).Get("a").String() != "1" {
		t.Error("the value of a joined list before its text")
	}
}

// TestDocRace has many goroutines look at documents of every origin at once; it
// is for the race detector.
func TestDocRace(t *testing.T) {
	t.Parallel()
	raw, err := ParseDoc(`{"list":[1,2,3]}`)
	if err != nil {
		t.Fatal(err)
	}
	members := make([]Member, 3*few)
	for i := range members {
		members[i] = Member{strings.Repeat("k", i+1), Int(int64(i))}
	}
	made := DocOf(objectOf(members))
	docs := []*Doc{raw, made, JoinDocs([]*Doc{raw, made}), JoinDocs([]*Doc{JoinDocs([]*Doc{made, raw})})}
	texts := make([][]string, 8)
	var wait sync.WaitGroup
	for i := range texts {
		wait.Go(func() {
			for j := range docs {
				d := docs[(i+j)%len(docs)]
				if i%2 == 0 {
					d.Value()
				}
				d.Size()
				made.Value().Get("kkk")
				texts[i] = append(texts[i], docs[j].Text())
			}
		})
	}
	wait.Wait()
	for i := range texts {
		if strings.Join(texts[i], "\n") != strings.Join(texts[0], "\n") {
			t.Errorf("goroutine %d saw another text", i)
		}
	}
}
