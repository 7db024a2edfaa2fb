package asl

import "github.com/stepsmith-dev/stepsmith/compiler/diag"

// A Code is one entry of the table of diagnostic codes.
type Code struct {
	Name     string
	Severity diag.Severity
	// Origin tells whose the code is.
	Origin Origin
}

// An Origin tells where a code comes from.
type Origin uint8

const (
	// Documented codes are in AWS's reference of ValidateStateMachineDefinition.
	Documented Origin = iota
	// Seen codes come from AWS and are in no document.
	Seen
	// Own codes are Stepsmith's: AWS accepts what they are about.
	Own
)

// Codes returns all codes that Decode, Validate and ValidateName use: AWS's
// first, then Stepsmith's.
func Codes() []Code {
	return []Code{
		{schemaFailed, diag.Error, Documented},
		{"INVALID_JSON_DESCRIPTION", diag.Error, Documented},
		{"MISSING_TRANSITION_TARGET", diag.Error, Documented},
		{"MISSING_END_STATE", diag.Error, Documented},
		{"DUPLICATE_STATE_NAME", diag.Error, Documented},
		{"INVALID_STATE_NAME", diag.Error, Documented},
		{"DUPLICATE_LABEL_NAME", diag.Error, Documented},
		{"INVALID_LABEL_NAME", diag.Error, Documented},
		{"TOO_DEEPLY_NESTED", diag.Error, Documented},
		{"STATE_MACHINE_NAME_EMPTY", diag.Error, Documented},
		{"STATE_MACHINE_NAME_INVALID", diag.Error, Documented},
		{"STATE_MACHINE_NAME_TOO_LONG", diag.Error, Documented},
		{"INVALID_JSONATA_EXPRESSION", diag.Error, Seen},
		{"UNSUPPORTED_JSONATA_EXPRESSION", diag.Error, Seen},
		{"NO_DOLLAR", diag.Warning, Documented},
		{"NO_PATH", diag.Warning, Documented},
		{"PASS_RESULT_IS_STATIC", diag.Warning, Documented},

		{"UNRESOLVED_PLACEHOLDER", diag.Error, Own},
		{"UNKNOWN_VARIABLE", diag.Error, Own},
		{"UNKNOWN_FUNCTION", diag.Error, Own},
		{"WRONG_ARGUMENTS", diag.Error, Own},
		{"NO_SUCH_FIELD", diag.Error, Own},
		{"MAYBE_UNASSIGNED_VARIABLE", diag.Warning, Own},
		{"MAYBE_NO_SUCH_FIELD", diag.Warning, Own},
		{"DUPLICATE_KEY", diag.Warning, Own},
		{"ENDLESS_LOOP", diag.Warning, Own},
		{"NO_DEFAULT", diag.Warning, Own},
		{"UNREACHABLE_RULE", diag.Warning, Own},
		{"SHADOWED_ERROR", diag.Warning, Own},
		{"UNKNOWN_ERROR_NAME", diag.Warning, Own},
		{"UNCATCHABLE_ERROR", diag.Warning, Own},
		{"LOST_INPUT", diag.Warning, Own},
		{"NO_TIMEOUT", diag.Warning, Own},
		{"NO_TASK_TOKEN", diag.Warning, Own},
		{"JSONATA_NOT_EVALUATED", diag.Warning, Own},
		{"JSONPATH_NOT_EVALUATED", diag.Warning, Own},
		{"TOO_LONG_FOR_EXPRESS", diag.Warning, Own},
		{"NO_EFFECT", diag.Warning, Own},
		{"LIMITED_CONCURRENCY", diag.Warning, Own},
		{"UNKNOWN_SERVICE", diag.Warning, Own},
		{"SECRET_IN_DEFINITION", diag.Warning, Own},
		{"NO_LAMBDA_RETRY", diag.Hint, Own},
		{"HARD_CODED_ACCOUNT", diag.Hint, Own},
		{"UNUSED_VARIABLE", diag.Hint, Own},
		{"DEPRECATED_FIELD", diag.Hint, Own},
	}
}

const schemaFailed = "SCHEMA_VALIDATION_FAILED"

// codes finds the entry of a code.
var codes = func() map[string]Code {
	m := make(map[string]Code)
	for _, c := range Codes() {
		m[c.Name] = c
	}
	return m
}()
