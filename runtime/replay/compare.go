package replay

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/history"
	"github.com/stepsmith-dev/stepsmith/runtime/interp"
)

// A Difference is where a replay and the recording part first.
type Difference struct {
	// Recorded and Replayed are the events as JSON, undefined where one side has
	// no more events.
	Recorded, Replayed value.Value
	// Thread tells which branch or iteration the events belong to, such as
	// "Each[2]/Checks{Stock}"; empty for the execution itself.
	Thread string
	// Path is the member that differs, such as
	// "stateEnteredEventDetails.input.total"; empty when it is not one member.
	Path string
	// Was and Is are the values there.
	Was, Is value.Value
}

// Error describes the difference in a few lines.
func (d *Difference) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "recorded  %s\nreplayed  %s", describe(d.Recorded), describe(d.Replayed))
	if d.Thread != "" {
		fmt.Fprintf(&b, "\nin        %s", d.Thread)
	}
	if d.Path != "" {
		fmt.Fprintf(&b, "\n\nthe first difference is %s\nrecorded  %s\nreplayed  %s", d.Path, Short(d.Was), Short(d.Is))
	}
	return b.String()
}

// describe shows an event in a line.
func describe(e value.Value) string {
	if e.IsUndefined() {
		return "nothing more"
	}
	s := fmt.Sprintf("#%d %s", integer(e, "id"), text(e, "type"))
	d := details(e)
	for _, name := range []string{"name", "state", "resource", "error"} {
		if v := text(d, name); v != "" {
			s += fmt.Sprintf(" %s %q", name, v)
		}
	}
	return s + fmt.Sprintf(", after #%d", integer(e, "previousEventId"))
}

// maskARN stands for the ARN of an execution that is not known. What the recording
// has in the places of its masks may be anything, as long as it is the same
// everywhere.
const maskARN = "arn:aws:states:<region>:<account>:execution:<machine-name>:<execution-name>"

var (
	// own are the masks of a replay.
	own = regexp.MustCompile(`<(?:region|account|machine-name|execution-name|task-token:\d+|uuid:[0-9a-f-]{36})>`)
	// uuid is what a replay draws anew.
	uuid = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
)

func ownMatcher() *Matcher { return &Matcher{mask: own, bound: map[string]string{}} }

// asEvents writes the events of a replay as JSON. Task tokens, and UUIDs that the
// recording does not know, become masks.
func (r *Recording) asEvents(events []history.Event, tokens []string) []value.Value {
	list := make([]value.Value, len(events))
	var pairs []string
	for i, token := range tokens {
		pairs = append(pairs, token, fmt.Sprintf("<task-token:%d>", i+1))
	}
	replacer := strings.NewReplacer(pairs...)
	known := map[string]bool{}
	for _, id := range uuid.FindAllString(value.List(r.events...).String(), -1) {
		known[id] = true
	}
	for i, e := range events {
		text := replacer.Replace(string(history.Format{}.Append(nil, e)))
		text = uuid.ReplaceAllStringFunc(text, func(id string) string {
			if known[id] {
				return id
			}
			return "<uuid:" + id + ">"
		})
		v, err := value.Parse(text)
		if err != nil {
			panic("replay: an event is not JSON: " + err.Error())
		}
		list[i] = v
	}
	return list
}

// compare returns the first difference between a recorded and a replayed
// history, nil when there is none. Reordered says that events of concurrent
// branches came in another order. A recording that does not go to the end of the
// execution is compared as far as it goes.
func compare(recorded, replayed []value.Value, whole bool) (first *Difference, reordered bool) {
	m := ownMatcher()
	first = pairwise(m, recorded, replayed, "", whole, true)
	if first == nil {
		return nil, false
	}
	theirs, ours := weave(recorded), weave(replayed)
	if len(theirs.order) == 1 && len(ours.order) == 1 {
		return first, false
	}
	first = nil
	m = ownMatcher()
	note := func(d *Difference) {
		if d != nil && (first == nil || place(d) < place(first)) {
			first = d
		}
	}
	for _, t := range theirs.order {
		var events []value.Value
		if own := ours.all[t.name]; own != nil {
			events = own.events
		}
		note(pairwise(m, t.events, events, t.name, whole, false))
	}
	for _, t := range ours.order {
		if theirs.all[t.name] == nil {
			note(pairwise(m, nil, t.events, t.name, whole, false))
		}
	}
	return first, first == nil
}

// place is the position of a difference in the recording.
func place(d *Difference) int64 {
	if d.Recorded.IsUndefined() {
		return 1 << 62
	}
	return integer(d.Recorded, "id")
}

// pairwise compares two lists of events one by one.
func pairwise(m *Matcher, recorded, replayed []value.Value, thread string, whole, ids bool) *Difference {
	for i := range max(len(recorded), len(replayed)) {
		d := &Difference{Thread: thread}
		if i < len(recorded) {
			d.Recorded = recorded[i]
		} else if !whole {
			return nil // the recording was made while the execution ran
		}
		if i < len(replayed) {
			d.Replayed = replayed[i]
		}
		if d.Recorded.IsUndefined() || d.Replayed.IsUndefined() || text(d.Recorded, "type") != text(d.Replayed, "type") {
			return d
		}
		if err := m.Match("", bare(d.Replayed, ids), bare(d.Recorded, ids), false); err != nil {
			return d.explain(err)
		}
	}
	return nil
}

// bare is an event without what a replay may do otherwise.
func bare(e value.Value, ids bool) value.Value {
	e = e.Without("timestamp")
	if !ids {
		e = e.Without("id").Without("previousEventId")
	}
	return e
}

// explain takes over what a matcher says, which had the replay for the expected
// side.
func (d *Difference) explain(err error) *Difference {
	var mismatch *Mismatch
	if errors.As(err, &mismatch) {
		d.Path, d.Was, d.Is = strings.TrimPrefix(mismatch.Path, "."), mismatch.Got, mismatch.Want
		return d
	}
	d.Path = strings.TrimPrefix(err.Error(), ".")
	return d
}

// started makes the event that starts the replay of a recording.
func (r *Recording) started(o Options) *interp.Started {
	d := details(r.events[0])
	s := &interp.Started{
		Input: Document(d.Get("input")), Limits: interp.StandardLimits(), Seed: [2]uint64{1, 2},
		Info: interp.Info{
			ExecutionID: o.ExecutionARN, RoleARN: text(d, "roleArn"),
			AliasARN: text(d, "stateMachineAliasArn"), VersionARN: text(d, "stateMachineVersionArn"), Region: r.region(),
		},
	}
	if s.Info.ExecutionID == "" {
		s.Info.ExecutionID = maskARN
	}
	parts := strings.SplitN(s.Info.ExecutionID, ":", 8)
	if len(parts) == 8 {
		s.Info.StateMachine, s.Info.ExecutionName = parts[6], parts[7]
		s.Info.StateMachineID = strings.Join(parts[:5], ":") + ":stateMachine:" + parts[6]
	}
	if o.Express {
		s.Limits = interp.ExpressLimits()
	}
	if o.Input != nil {
		s.Input = o.Input
	}
	return s
}

// region is the region of the recording, "" when no event tells it.
func (r *Recording) region() string {
	for _, e := range r.events {
		if region := text(details(e), "region"); region != "" {
			return region
		}
	}
	return ""
}
