package spec

import (
	"encoding/json"
	"fmt"
	"reflect"
)

// Steps is the list of a block's steps. In JSON each step is an object with one
// member, named after the step's kind.
type Steps []Step

// MarshalJSON implements json.Marshaler.
func (s Steps) MarshalJSON() ([]byte, error) {
	tagged := make([]map[string]Step, len(s))
	for i, step := range s {
		tagged[i] = map[string]Step{step.kind(): step}
	}
	return json.Marshal(tagged)
}

// UnmarshalJSON implements json.Unmarshaler.
func (s *Steps) UnmarshalJSON(text []byte) error {
	var tagged []map[string]json.RawMessage
	if err := json.Unmarshal(text, &tagged); err != nil {
		return err
	}
	*s = make(Steps, 0, len(tagged))
	for _, member := range tagged {
		for kind, record := range member {
			step := newStep(kind)
			if step == nil {
				return fmt.Errorf("spec: unknown step %q: the workflow was traced by another version of package dsl", kind)
			}
			if err := json.Unmarshal(record, step); err != nil {
				return err
			}
			*s = append(*s, step)
		}
	}
	return nil
}

func newStep(kind string) Step {
	for _, step := range []Step{
		new(Call), new(Wait), new(Choice), new(Parallel), new(Map), new(Repeat), new(Break), new(Continue),
		new(Try), new(Finally), new(Raw), new(Set), new(Get), new(Bind), new(Fail), new(Succeed),
	} {
		if step.kind() == kind {
			return step
		}
	}
	return nil
}

// Types, sources and tasks are written once, in the workflow's tables; wherever
// something points to one, JSON holds its ID.

// MarshalJSON writes the type's ID.
func (t *Type) MarshalJSON() ([]byte, error) { return json.Marshal(t.ID) }

// UnmarshalJSON reads an ID; Workflow.UnmarshalJSON puts the type in its place.
func (t *Type) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &t.ID) }

// MarshalJSON writes the source's index in Workflow.Sources.
func (s *Source) MarshalJSON() ([]byte, error) { return json.Marshal(s.ID) }

// UnmarshalJSON reads an index; Workflow.UnmarshalJSON puts the source in its place.
func (s *Source) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &s.ID) }

// MarshalJSON writes the task's index in Workflow.Tasks.
func (t *Task) MarshalJSON() ([]byte, error) { return json.Marshal(t.ID) }

// UnmarshalJSON reads an index; Workflow.UnmarshalJSON puts the task in its place.
func (t *Task) UnmarshalJSON(text []byte) error { return json.Unmarshal(text, &t.ID) }

// The same records without methods: how the tables hold them.
type (
	typeRecord   Type
	sourceRecord Source
	taskRecord   Task
	bare         Workflow
)

type wire struct {
	*bare
	Types   []*typeRecord   `json:"types"`
	Sources []*sourceRecord `json:"sources"`
	Tasks   []*taskRecord   `json:"tasks"`
}

// MarshalJSON implements json.Marshaler.
func (w *Workflow) MarshalJSON() ([]byte, error) {
	out := wire{bare: (*bare)(w)}
	for _, t := range w.Types {
		out.Types = append(out.Types, (*typeRecord)(t))
	}
	for _, s := range w.Sources {
		out.Sources = append(out.Sources, (*sourceRecord)(s))
	}
	for _, t := range w.Tasks {
		out.Tasks = append(out.Tasks, (*taskRecord)(t))
	}
	return json.Marshal(out)
}

// UnmarshalJSON implements json.Unmarshaler.
func (w *Workflow) UnmarshalJSON(text []byte) error {
	in := wire{bare: (*bare)(w)}
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	tables := tables{types: make(map[string]*Type)}
	for _, t := range in.Types {
		tables.types[t.ID] = (*Type)(t)
		w.Types = append(w.Types, (*Type)(t))
	}
	for _, s := range in.Sources {
		tables.sources = append(tables.sources, (*Source)(s))
	}
	for _, t := range in.Tasks {
		tables.tasks = append(tables.tasks, (*Task)(t))
	}
	w.Sources, w.Tasks = tables.sources, tables.tasks
	for _, t := range w.Types {
		tables.resolve(reflect.ValueOf(t).Elem())
	}
	for _, s := range w.Sources {
		tables.resolve(reflect.ValueOf(s).Elem())
	}
	for _, t := range w.Tasks {
		tables.resolve(reflect.ValueOf(t).Elem())
	}
	for _, root := range []any{&w.Input, &w.Output, &w.Body} {
		tables.resolve(reflect.ValueOf(root).Elem())
	}
	return tables.err
}

// tables replaces the placeholders that hold only an ID by the records.
type tables struct {
	types   map[string]*Type
	sources []*Source
	tasks   []*Task
	err     error
}

func (t *tables) resolve(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		switch p := v.Interface().(type) {
		case *Type:
			record, ok := t.types[p.ID]
			place(t, v, record, ok)
		case *Source:
			record, ok := at(t.sources, p.ID)
			place(t, v, record, ok)
		case *Task:
			record, ok := at(t.tasks, p.ID)
			place(t, v, record, ok)
		default:
			t.resolve(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() {
			t.resolve(v.Elem())
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			t.resolve(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			t.resolve(v.Field(i))
		}
	}
}

func at[T any](table []*T, id int) (*T, bool) {
	if id < 0 || id >= len(table) {
		return nil, false
	}
	return table[id], true
}

func place[T any](t *tables, into reflect.Value, record *T, ok bool) {
	if !ok {
		t.err = fmt.Errorf("spec: a %T is not in its table: the workflow was traced by another version of package dsl", record)
		return
	}
	into.Set(reflect.ValueOf(record))
}
