package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/stepsmith-dev/stepsmith/runtime/history"
)

// liveView keeps a tree of the states at the bottom of a terminal.
type liveView struct {
	mu    sync.Mutex
	w     io.Writer
	size  func() (width, height int)
	tree  *tree
	paint painter
	rows  int // how many the last frame has
	fresh bool
	// partial is what the user's code printed since its last newline.
	partial []byte

	stop chan struct{}
	done chan struct{}
}

// frames is the time between two frames of the spinner.
const frames = 80 * time.Millisecond

// newLiveView shows an execution on a terminal. now tells the time of the
// execution, which need not be the real one; nil means that of the last event.
func newLiveView(w io.Writer, size func() (width, height int), title string, colour bool, now func() time.Time) *liveView {
	v := &liveView{w: w, size: size, tree: newTree(), paint: painter{title: title, colour: colour, now: now},
		stop: make(chan struct{}), done: make(chan struct{})}
	go v.animate()
	return v
}

func (v *liveView) observe(e history.Event) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tree.add(e)
	v.paint.last = e.Time
	if !v.fresh { // at once, unless the last frame is still new
		v.draw(false)
	}
}

// Write prints text above the tree.
func (v *liveView) Write(text []byte) (int, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.partial = append(v.partial, text...)
	end := bytes.LastIndexByte(v.partial, '\n') + 1
	if end == 0 {
		return len(text), nil
	}
	whole := string(v.partial[:end])
	v.partial = append(v.partial[:0], v.partial[end:]...)
	fmt.Fprint(v.w, v.erase()+whole)
	v.rows = 0
	v.draw(false)
	return len(text), nil
}

func (v *liveView) close() {
	close(v.stop)
	<-v.done
	v.mu.Lock()
	defer v.mu.Unlock()
	v.draw(true)
	if len(v.partial) > 0 {
		fmt.Fprintf(v.w, "%s\n", v.partial)
	}
}

func (v *liveView) animate() {
	defer close(v.done)
	tick := time.NewTicker(frames)
	defer tick.Stop()
	for {
		select {
		case <-v.stop:
			return
		case <-tick.C:
			v.mu.Lock()
			v.paint.frame++
			v.draw(false)
			v.fresh = false
			v.mu.Unlock()
		}
	}
}

// draw replaces the last frame. The final one is the whole tree, however long.
func (v *liveView) draw(final bool) {
	rows := v.paint.rows(v.tree.root)
	if _, height := v.size(); !final && height > 1 && len(rows) >= height {
		rows = abridge(rows, height-1)
	}
	var frame strings.Builder
	frame.WriteString(v.erase())
	frame.WriteString("\x1b[?7l") // cut long rows instead of wrapping them
	for _, line := range v.paint.lines(rows) {
		frame.WriteString(line + "\n")
	}
	frame.WriteString("\x1b[?7h")
	io.WriteString(v.w, frame.String())
	v.rows, v.fresh = len(rows), true
}

// erase returns what takes the last frame off the screen.
func (v *liveView) erase() string {
	if v.rows == 0 {
		return "\r\x1b[J"
	}
	return fmt.Sprintf("\r\x1b[%dA\x1b[J", v.rows)
}

// abridge keeps as many rows as fit: the title, and of the others rather those
// that are still going on.
func abridge(rows []row, height int) []row {
	excess := len(rows) - height + 1 // one row says that some are left out
	if height < 3 {
		return rows[:max(height, 1)]
	}
	short := []row{rows[0], {depth: 1, left: []span{{grey, fmt.Sprintf("… %d more", excess)}}}}
	for _, r := range rows[1:] {
		if excess > 0 && r.over {
			excess--
			continue
		}
		short = append(short, r)
	}
	return short[:min(len(short), height)]
}
