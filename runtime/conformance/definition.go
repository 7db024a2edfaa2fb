package conformance

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// validate returns what AWS would refuse in the case's definition.
func (c *Case) validate() diag.List {
	text := c.Definition
	for _, name := range c.activities {
		arn := `"Resource":"arn:aws:states:us-east-1:111111111111:activity:` + name + `"`
		text = strings.ReplaceAll(text, `"Resource":"`+name+`"`, arn)
	}
	document, list := asl.Decode([]byte(text), "definition.asl.json")
	if document != nil {
		o := asl.Options{Type: asl.Standard}
		if c.Express {
			o.Type = asl.Express
		}
		list = append(list, asl.Validate(document, o)...)
	}
	own := map[string]bool{}
	for _, code := range asl.Codes() {
		own[code.Name] = code.Origin == asl.Own
	}
	return slices.DeleteFunc(list.Only(diag.Error), func(d diag.Diagnostic) bool { return own[d.Code] })
}

// checkValidation compares what ValidateStateMachineDefinition answered.
func (c *Case) checkValidation() error {
	list, result := c.validate(), "OK"
	if len(list) > 0 {
		result = "FAIL"
	}
	var diagnostics []value.Value
	for _, d := range list {
		members := []value.Member{{Key: "code", Value: value.String(d.Code)}, {Key: "message", Value: value.String(d.Message)}, {Key: "severity", Value: value.String("ERROR")}}
		if d.Pointer != "" {
			members = append(members, value.Member{Key: "location", Value: value.String(d.Pointer)})
		}
		diagnostics = append(diagnostics, value.Object(members...))
	}
	m := newMatcher(c.wildcards)
	return errors.Join(
		m.match("result", c.recorded.Get("result"), value.String(result), false),
		m.match("diagnostics", c.recorded.Get("diagnostics"), value.List(diagnostics...), false),
	)
}

// checkCreation compares how CreateStateMachine refused a definition.
func (c *Case) checkCreation() error {
	const prefix = "Invalid State Machine Definition: '"
	want := c.refusal()
	_, want, ok := strings.Cut(want, prefix)
	if !ok {
		return &Unsupported{"unsupported: what was refused is not the definition"}
	}
	var parts []string
	for _, d := range c.validate() {
		parts = append(parts, fmt.Sprintf("%s: %s at %s", d.Code, d.Message, d.Pointer))
	}
	got := strings.Join(parts, ", ") + "'"
	return newMatcher(c.wildcards).match("message", value.String(prefix+want), value.String(prefix+got), false)
}

// refusal is the message of the recorded error.
func (c *Case) refusal() string {
	if message := text(c.recorded, "message"); message != "" {
		return message
	}
	return text(c.recorded, "exception_value")
}
