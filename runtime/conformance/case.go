package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
)

// The kinds of cases that this package can run.
const (
	KindExecution    = "execution"
	KindChoice       = "choice-case"
	KindExpressSync  = "express-sync"
	KindExpressAsync = "express-async"
	KindValidate     = "validate"
	KindCreate       = "create"
	KindTestState    = "test-state"
)

// A Case is one recording.
type Case struct {
	ID   string
	Kind string
	// Needs names what the recording took from outside: "none", "lambda", ….
	Needs []string
	// Compare says how much of it can be compared: "history-linear",
	// "history-nested", "history-sorted", "history-concurrent", "output" or
	// "response".
	Compare string
	// Express says that the machine is an Express workflow.
	Express bool
	// Definition is the text of the state machine, Input that of the input.
	Definition, Input string

	names     value.Value
	logging   value.Value
	lambdas   value.Value // name to handler and behaviour
	objects   *objects.Memory
	wildcards []string
	// activities are words that stand for the ARNs of activities.
	activities []string
	request    value.Value // of an API call
	recorded   value.Value
}

// Load reads every *.json file of a folder, in the order of the names. Cases
// that AWS is not known to have recorded are left out.
func Load(dir string) ([]Case, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no recordings (*.json) in %s: %w", dir, fs.ErrNotExist)
	}
	slices.Sort(files)
	var cases []Case
	for _, file := range files {
		more, err := loadFile(file)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		cases = append(cases, more...)
	}
	return cases, nil
}

// masks are the two parts of ARNs that the recorder always replaced.
var masks = strings.NewReplacer("<partition>", "aws", "<region>", "us-east-1")

func loadFile(file string) ([]Case, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	v, err := value.Parse(masks.Replace(string(content)))
	if err != nil {
		return nil, err
	}
	list := v.Get("cases")
	if list.Kind() != value.KindList {
		return nil, errors.New("there is no list of cases in it")
	}
	var cases []Case
	for _, c := range list.Items() {
		if text(c, "provenance") == "aws" {
			cases = append(cases, readCase(c))
		}
	}
	return cases, nil
}

func readCase(v value.Value) Case {
	c := Case{
		ID: text(v, "id"), Kind: text(v, "kind"), Needs: texts(v, "needs"), Compare: text(v, "compare"),
		Express: text(v, "type") == "EXPRESS", Definition: text(v, "definition_text"), Input: text(v, "input_text"),
		objects: new(objects.Memory), names: v.Get("names"), logging: v.Get("logging"), lambdas: v.Get("environment").Get("lambdas"), wildcards: texts(v, "wildcards"), request: v.Get("request"), recorded: v.Get("recorded"),
	}
	for _, bucket := range v.Get("environment").Get("s3_objects").Members() {
		for _, o := range bucket.Value.Members() {
			content, _ := o.Value.Str()
			c.objects.Put(bucket.Key, o.Key, []byte(content))
		}
	}
	if d := v.Get("definition"); d.Kind() == value.KindObject {
		c.Definition = d.String()
	}
	for _, name := range texts(v, "placeholders") {
		if strings.HasPrefix(name, "activity_arn") { // the recorder put a word in place of the ARN
			c.activities = append(c.activities, name)
		}
	}
	return c
}

// ExecutionARN is the ARN of the recorded execution, empty when it has none.
func (c *Case) ExecutionARN() string { return text(c.names, "execution_arn") }

func text(v value.Value, key string) string {
	s, _ := v.Get(key).Str()
	return s
}

func texts(v value.Value, key string) []string {
	var list []string
	for _, item := range v.Get(key).Items() {
		s, _ := item.Str()
		list = append(list, s)
	}
	return list
}

// history returns the recorded events, nil when there is no history.
func (c *Case) history() []value.Value {
	for _, m := range c.recorded.Members() {
		if events := m.Value.Get("events"); events.Kind() == value.KindList {
			return events.Items()
		}
	}
	return nil
}

// logged returns the records that the case's own execution logged, nil when none
// were recorded.
func (c *Case) logged() []value.Value {
	if end := c.recorded.Get("end_event"); !end.IsUndefined() {
		return []value.Value{end}
	}
	var own []value.Value
	for _, e := range c.recorded.Get("logged_execution_events").Items() {
		if text(e, "execution_arn") == text(c.names, "execution_arn") {
			own = append(own, e)
		}
	}
	return own
}

// response returns the recorded answer of DescribeExecution or
// StartSyncExecution; it is undefined when there is none.
func (c *Case) response() value.Value {
	for _, m := range c.recorded.Members() {
		if status := m.Value.Get("status"); status.Kind() == value.KindString && m.Value.Has("executionArn") {
			return m.Value
		}
	}
	return value.Value{}
}
