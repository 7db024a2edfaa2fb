package conformance

import (
	"encoding/json"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/diag"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/runtime/replay"
)

// validate returns the case's definition and what there is to say of it.
func (c *Case) validate() ([]byte, diag.List) {
	definition := c.Definition
	for _, name := range c.activities {
		arn := `"Resource":"arn:aws:states:us-east-1:111111111111:activity:` + name + `"`
		definition = strings.ReplaceAll(definition, `"Resource":"`+name+`"`, arn)
	}
	document, list := asl.Decode([]byte(definition), "definition.asl.json")
	if document != nil {
		o := asl.Options{Type: asl.Standard}
		if c.Express {
			o.Type = asl.Express
		}
		list = append(list, asl.Validate(document, o)...)
	}
	return []byte(definition), list
}

// checkValidation compares what ValidateStateMachineDefinition answered.
func (c *Case) checkValidation() error {
	definition, list := c.validate()
	answer, err := json.Marshal(asl.AWS(definition, list, diag.Error, 0))
	if err != nil {
		return err
	}
	want := c.recorded.Without("ResponseMetadata")
	return replay.NewMatcher(c.wildcards).Match("answer", want, parse(answer), false)
}

// checkCreation compares how CreateStateMachine refused a definition.
func (c *Case) checkCreation() error {
	const prefix = "Invalid State Machine Definition: "
	_, want, ok := strings.Cut(c.refusal(), prefix)
	if !ok {
		return &Unsupported{"unsupported: what was refused is not the definition"}
	}
	definition, list := c.validate()
	got := asl.Refusal(definition, list)
	return replay.NewMatcher(c.wildcards).Match("message", value.String(prefix+want), value.String(got), false)
}

// refusal is the message of the recorded error.
func (c *Case) refusal() string {
	if message := text(c.recorded, "message"); message != "" {
		return message
	}
	return text(c.recorded, "exception_value")
}
