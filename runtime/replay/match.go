package replay

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Matcher compares expected values with actual ones. Masks in the expected
// texts, such as <uuid:1>, stand for any text, but always for the same. It
// remembers what they stand for, and is not safe for concurrent use.
type Matcher struct {
	wildcards []string
	mask      *regexp.Regexp
	bound     map[string]string
}

// NewMatcher returns a matcher that knows nothing yet. An expected text that is
// one of the wildcards, or date, datetime or timestamp, matches everything.
func NewMatcher(wildcards []string) *Matcher {
	return &Matcher{wildcards: append([]string{"date", "datetime", "timestamp"}, wildcards...), mask: mask, bound: map[string]string{}}
}

// A Mismatch is where an expected value and an actual one part. An undefined
// value is absent.
type Mismatch struct {
	Path      string
	Want, Got value.Value
}

// Error shows both values.
func (d *Mismatch) Error() string {
	return fmt.Sprintf("%s: want %s, got %s", d.Path, Short(d.Want), Short(d.Got))
}

// Short shows a value, cut off when it is long.
func Short(v value.Value) string {
	if v.IsUndefined() {
		return "nothing"
	}
	s := v.String()
	if len(s) > 1200 {
		s = s[:1200] + "…"
	}
	return s
}

// Match compares two values; its error is a [*Mismatch] or says which keys differ.
// An expected object or list may be given as text. The keys of what the service sent as text are
// compared in order; those of objects that the recorder sorted are not.
func (m *Matcher) Match(path string, want, got value.Value, ordered bool) error {
	s, isText := got.Str()
	switch want.Kind() {
	case value.KindString:
		w, _ := want.Str()
		if slices.Contains(m.wildcards, w) && !got.IsUndefined() {
			return nil
		}
		if isText && m.text(w, s) {
			return nil
		}
		return &Mismatch{path, want, got}
	case value.KindObject, value.KindList:
		if isText {
			parsed, err := value.Parse(s)
			if err != nil || parsed.Kind() != want.Kind() {
				return &Mismatch{path, want, got}
			}
			return m.Match(path, want, parsed, true)
		}
	}
	switch {
	case want.Kind() != got.Kind():
		return &Mismatch{path, want, got}
	case want.Kind() == value.KindObject && ordered:
		return m.members(path, want, got)
	case want.Kind() == value.KindObject:
		return m.unordered(path, want, got, false)
	case want.Kind() == value.KindList:
		return m.list(path, want, got, ordered)
	case want.String() != got.String():
		return &Mismatch{path, want, got}
	}
	return nil
}

func (m *Matcher) list(path string, want, got value.Value, ordered bool) error {
	if want.Len() != got.Len() {
		return &Mismatch{path, want, got}
	}
	for i := range want.Items() {
		if err := m.Match(fmt.Sprintf("%s[%d]", path, i), want.Index(i), got.Index(i), ordered); err != nil {
			return err
		}
	}
	return nil
}

// members compares objects with their order. The context object has a
// RedriveCount since 2024; older recordings lack it.
func (m *Matcher) members(path string, want, got value.Value) error {
	if want.Has("StartTime") && want.Has("RoleArn") && !want.Has("RedriveCount") {
		got = got.Without("RedriveCount")
	}
	if w, g := keys(want), keys(got); !slices.Equal(w, g) {
		return fmt.Errorf("%s: want the keys %s, got %s", path, strings.Join(w, ", "), strings.Join(g, ", "))
	}
	return m.unordered(path, want, got, true)
}

// metadata reports whether a member is about the call of an AWS service, which
// an engine without AWS does not make.
func metadata(key string) bool { return key == "SdkHttpMetadata" || key == "SdkResponseMetadata" }

func keys(v value.Value) []string {
	var names []string
	for _, m := range v.Members() {
		names = append(names, m.Key)
	}
	return names
}

// unordered compares objects whatever the order of their keys; ordered is about
// what is in them.
func (m *Matcher) unordered(path string, want, got value.Value, ordered bool) error {
	for _, w := range want.Members() {
		if metadata(w.Key) && got.Get(w.Key).Kind() == value.KindObject {
			continue
		}
		if err := m.Match(path+"."+w.Key, w.Value, got.Get(w.Key), ordered); err != nil {
			return err
		}
	}
	for _, g := range got.Members() {
		if !want.Has(g.Key) {
			return &Mismatch{path + "." + g.Key, value.Value{}, g.Value}
		}
	}
	return nil
}

var (
	// dateTime is what the recorder replaced by "date".
	dateTime = regexp.MustCompile(`\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})`)
	// mask is a placeholder of the recorder.
	mask = regexp.MustCompile(`<(?:<[\w .-]+>:\d+|[A-Za-z][\w .:/-]*)>`)
)

// text compares a recorded text with an actual one. Masks in it stand for any
// text, but always for the same; only the part of an ARN that names a machine
// may be masked alike for a parent and its child.
func (m *Matcher) text(want, got string) bool {
	if want == got {
		return true
	}
	got = dateTime.ReplaceAllString(got, "date")
	want = dateTime.ReplaceAllString(want, "date")
	if want == got {
		return true
	}
	names := m.mask.FindAllString(want, -1)
	if len(names) == 0 {
		return false
	}
	literals := m.mask.Split(want, -1)
	var pattern strings.Builder
	pattern.WriteString(`(?s)^` + regexp.QuoteMeta(literals[0]))
	for i, name := range names {
		if known, ok := m.bound[name]; ok && binds(name) {
			pattern.WriteString(`(` + regexp.QuoteMeta(known) + `)`)
		} else {
			pattern.WriteString(`(.*?)`)
		}
		pattern.WriteString(regexp.QuoteMeta(literals[i+1]))
	}
	found := regexp.MustCompile(pattern.String() + `$`).FindStringSubmatch(got)
	if found == nil {
		return false
	}
	for i, name := range names {
		if known, ok := m.bound[name]; ok && binds(name) && known != found[i+1] {
			return false
		}
		m.bound[name] = found[i+1]
	}
	return true
}

// binds reports whether a mask stands for one value within a case.
func binds(name string) bool {
	return !strings.HasPrefix(name, "<ArnPart") && !strings.HasPrefix(name, "<json-input")
}
