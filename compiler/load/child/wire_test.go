package child

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestConnCarriesBodiesAsTheyAre(t *testing.T) {
	t.Parallel()
	want := []Message{
		{Kind: Call, ID: 1, Package: "example.com/m", Variable: "Handlers", Handler: "a\nb", Body: []byte("{ \"a\" : 1.0,\n\"<\":\"\xff\" }")},
		{Kind: Answer, ID: 1, Failure: &Failure{Name: "Boom", Cause: "<why>"}, Body: []byte{}},
	}
	var pipe bytes.Buffer
	conn := NewConn(&pipe, &pipe)
	for _, m := range want {
		if err := conn.Send(m); err != nil {
			t.Fatal(err)
		}
	}
	var got []Message
	for range want {
		m, err := conn.Receive()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, m)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-sent +received):\n%s", diff)
	}
	if _, err := conn.Receive(); !errors.Is(err, io.EOF) {
		t.Errorf("after the last message: %v, want EOF", err)
	}
}

func TestConnKeepsFramesOfManySendersWhole(t *testing.T) {
	t.Parallel()
	r, w := io.Pipe()
	conn := NewConn(r, w)
	const senders = 20
	var all sync.WaitGroup
	for id := range senders {
		all.Go(func() { conn.Send(Message{Kind: Answer, ID: int64(id), Body: bytes.Repeat([]byte{byte(id)}, 10_000)}) })
	}
	for range senders {
		m, err := conn.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(m.Body, bytes.Repeat([]byte{byte(m.ID)}, 10_000)) {
			t.Errorf("the body of message %d is not its own", m.ID)
		}
	}
	all.Wait()
}

func FuzzReceive(f *testing.F) {
	var frame bytes.Buffer
	NewConn(nil, &frame).Send(Message{Kind: Ready, Version: Version, Body: []byte("{}")})
	f.Add(frame.Bytes())
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0})
	f.Add([]byte{0, 0, 0, 2, 0x3f, 0xff, 0xff, 0xff, '{', '}'})
	f.Fuzz(func(t *testing.T, text []byte) {
		conn := NewConn(bytes.NewReader(text), io.Discard)
		for {
			if _, err := conn.Receive(); err != nil {
				return
			}
		}
	})
}
