package child

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"sync"
	"time"
)

// Version is the protocol's version, for the day on which the two ends can come
// from different builds of the tool.
const Version = 1

// Variable is the environment variable that tells the child which files the
// protocol uses. Standard input and output stay the user's.
const Variable = "STEPSMITH_CHILD"

// A Kind says what a message is.
type Kind string

// The messages. The parent asks; each question has an ID, which its answer bears.
const (
	Ready  Kind = "ready"  // child: all packages are initialized
	Trace  Kind = "trace"  // parent: evaluate the workflow Package.Variable; the answer's body is the record
	List   Kind = "list"   // parent: the keys of the handlers Package.Variable; the answer's body is a JSON array
	Call   Kind = "call"   // parent: run a handler with the body as input; the answer's body is its output
	Cancel Kind = "cancel" // parent: cancel the context of the call with this ID; it has no answer of its own
	Beat   Kind = "beat"   // child: the handler of the call with this ID is alive
	Sleep  Kind = "sleep"  // child: it wants to sleep for Duration by the execution's clock
	Woken  Kind = "woken"  // parent: the Turn-th sleep of the call is over
	Answer Kind = "answer" // child
)

// A Message is one message of the protocol, in either direction.
type Message struct {
	Kind     Kind            `json:"kind"`
	ID       int64           `json:"id,omitempty"`
	Version  int             `json:"version,omitempty"`  // Ready
	Package  string          `json:"package,omitempty"`  // import path
	Variable string          `json:"variable,omitempty"` // name of a package-level variable
	Handler  string          `json:"handler,omitempty"`  // Call: key in the map of handlers
	Info     json.RawMessage `json:"info,omitempty"`     // Call: task.Details
	Deadline time.Time       `json:"deadline,omitzero"`  // Call: of the context
	Duration time.Duration   `json:"duration,omitempty"` // Sleep
	Turn     int64           `json:"turn,omitempty"`     // Sleep, Woken: tells the sleeps of a program apart
	Unstable bool            `json:"unstable,omitempty"` // Answer to Trace: two traces differ
	Problem  string          `json:"problem,omitempty"`  // Answer: the question could not be answered
	Failure  *Failure        `json:"failure,omitempty"`  // Answer to Call: the handler failed

	// Body is a JSON text that is carried as it is, byte for byte.
	Body []byte `json:"-"`
}

// A Failure is how a handler failed, as the workflow sees it.
type Failure struct {
	Name  string `json:"name"`
	Cause string `json:"cause"`
}

// A Conn sends and receives messages. Send may be called by several goroutines
// at a time; Receive by one.
type Conn struct {
	r  io.Reader
	mu sync.Mutex // guards w, so that frames stay whole
	w  io.Writer
}

// NewConn returns a Conn that reads from r and writes to w.
func NewConn(r io.Reader, w io.Writer) *Conn { return &Conn{r: r, w: w} }

// limit is the size of the largest frame; what claims to be larger is not ours.
const limit = 1 << 30

// Send writes a message as a frame: the lengths of its header and body, each in
// four bytes, the header in JSON, the body.
func (c *Conn) Send(m Message) error {
	header, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(header) > limit || len(m.Body) > limit {
		return fmt.Errorf("message of %d bytes is too large", len(m.Body))
	}
	frame := make([]byte, 0, 8+len(header)+len(m.Body))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(header)))
	frame = binary.BigEndian.AppendUint32(frame, uint32(len(m.Body)))
	frame = append(append(frame, header...), m.Body...)
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err = c.w.Write(frame)
	return err
}

// Receive reads the next message. The error is io.EOF when the other end has
// gone between two messages.
func (c *Conn) Receive() (Message, error) {
	var m Message
	var lengths [8]byte
	if _, err := io.ReadFull(c.r, lengths[:]); err != nil {
		return m, err
	}
	header, body := binary.BigEndian.Uint32(lengths[:4]), binary.BigEndian.Uint32(lengths[4:])
	if header > limit || body > limit {
		return m, fmt.Errorf("frame of %d+%d bytes: not this protocol", header, body)
	}
	text, err := c.read(header)
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, err
	}
	m.Body, err = c.read(body)
	return m, err
}

// read reads n bytes. A peer that promised more than it sends costs no memory.
func (c *Conn) read(n uint32) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(c.r, int64(n)))
	if err == nil && len(text) < int(n) {
		err = io.ErrUnexpectedEOF
	}
	return text, err
}
