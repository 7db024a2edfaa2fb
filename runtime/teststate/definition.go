package teststate

import (
	"encoding/json"
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// load reads the definition and finds the state under test.
func (t *test) load() error {
	text, name := t.request.Definition, stateName
	if t.request.StateName != nil {
		name = *t.request.StateName
	} else {
		var err error
		if text, err = wrap(text); err != nil {
			return err
		}
	}
	document, list := asl.Decode([]byte(text), "definition.asl.json")
	if document != nil {
		list = append(list, asl.Validate(document, asl.Options{Type: asl.Standard})...)
	}
	// Only what AWS refuses counts: a variable that nothing assigns may be given
	// with the request.
	if refusal := asl.Refusal([]byte(text), list); refusal != "" {
		return &Error{"InvalidDefinition", refusal}
	}
	m, list := graph.Compile(&document.Machine)
	if err := list.Err(); err != nil {
		return &Error{"InvalidDefinition", "Invalid State Machine Definition: " + err.Error()}
	}
	i := slices.IndexFunc(m.States, func(s graph.State) bool { return s.Shared().Name == name })
	if i < 0 {
		return invalid("State not found in definition")
	}
	t.machine, t.state = m, m.States[i]
	return nil
}

// wrap makes a machine of a single state. The states that it leads to end the
// execution.
func wrap(definition string) (string, error) {
	v, err := value.Parse(definition)
	if err != nil || v.Kind() != value.KindObject {
		_, list := asl.Decode([]byte(definition), "definition.asl.json")
		refusal := asl.Refusal([]byte(definition), list)
		if refusal == "" {
			refusal = "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: The state definition must be a JSON object'"
		}
		return "", &Error{"InvalidDefinition", refusal}
	}
	states := `"` + stateName + `":` + definition
	for _, name := range targets(v) {
		if name == stateName {
			continue
		}
		key, err := json.Marshal(name)
		if err != nil {
			return "", err
		}
		states += "," + string(key) + `:{"Type":"Succeed"}`
	}
	return `{"StartAt":"` + stateName + `","States":{` + states + `}}`, nil
}

// targets returns the names of the states that a state leads to.
func targets(state value.Value) []string {
	var names []string
	add := func(v value.Value) {
		if s, ok := v.Str(); ok && s != "" && !slices.Contains(names, s) {
			names = append(names, s)
		}
	}
	add(state.Get("Next"))
	add(state.Get("Default"))
	for _, list := range []string{"Choices", "Catch"} {
		for _, item := range state.Get(list).Items() {
			add(item.Get("Next"))
		}
	}
	return names
}
