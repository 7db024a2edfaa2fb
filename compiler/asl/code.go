package asl

import "github.com/stepsmith-dev/stepsmith/compiler/diag"

// A Code is one entry of the table of diagnostic codes.
type Code struct {
	Name     string
	Severity diag.Severity
	// Origin tells whose the code is.
	Origin Origin
	// Title is the code in a few words.
	Title string
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
		{schemaFailed, diag.Error, Documented, "The definition does not have the shape of the language"},
		{"INVALID_JSON_DESCRIPTION", diag.Error, Documented, "The definition is not JSON"},
		{"MISSING_TRANSITION_TARGET", diag.Error, Documented, "A transition leads nowhere, or no transition leads to a state"},
		{"MISSING_END_STATE", diag.Error, Documented, "No way through the states ends"},
		{"DUPLICATE_STATE_NAME", diag.Error, Documented, "Two states have one name"},
		{"INVALID_STATE_NAME", diag.Error, Documented, "A state's name is empty, too long or has forbidden characters"},
		{"DUPLICATE_LABEL_NAME", diag.Error, Documented, "Two distributed Map states have one label"},
		{"INVALID_LABEL_NAME", diag.Error, Documented, "A label is too long or has forbidden characters"},
		{"TOO_DEEPLY_NESTED", diag.Error, Documented, "Parallel and Map states are nested too deeply"},
		{"STATE_MACHINE_NAME_EMPTY", diag.Error, Documented, "The state machine has no name"},
		{"STATE_MACHINE_NAME_INVALID", diag.Error, Documented, "The state machine's name has forbidden characters"},
		{"STATE_MACHINE_NAME_TOO_LONG", diag.Error, Documented, "The state machine's name is too long"},
		{"INVALID_JSONATA_EXPRESSION", diag.Error, Seen, "An expression is not JSONata"},
		{"UNSUPPORTED_JSONATA_EXPRESSION", diag.Error, Seen, "An expression uses what AWS's JSONata does not have"},
		{"NO_DOLLAR", diag.Warning, Documented, "A path stands under a key that does not end in .$"},
		{"NO_PATH", diag.Warning, Documented, "A path stands in a field whose name does not end in Path"},
		{"PASS_RESULT_IS_STATIC", diag.Warning, Documented, "The Result of a Pass state is not evaluated"},

		{"UNKNOWN_VARIABLE", diag.Error, Own, "No state that comes before assigns the variable"},
		{"UNKNOWN_FUNCTION", diag.Error, Own, "An expression calls a function that there is not"},
		{"WRONG_ARGUMENTS", diag.Error, Own, "A function is called with the wrong number of arguments"},
		{"NO_SUCH_FIELD", diag.Error, Own, "A path leads to a field that the data does not have"},
		{"MAYBE_UNASSIGNED_VARIABLE", diag.Warning, Own, "A variable is not assigned on every way to where it is read"},
		{"MAYBE_NO_SUCH_FIELD", diag.Warning, Own, "An expression reads a field that the data does not have"},
		{"DUPLICATE_KEY", diag.Warning, Own, "An object has a key twice"},
		{"ENDLESS_LOOP", diag.Warning, Own, "No way leads out of a loop"},
		{"NO_DEFAULT", diag.Warning, Own, "A Choice state has no Default"},
		{"UNREACHABLE_RULE", diag.Warning, Own, "A choice rule can never be reached"},
		{"SHADOWED_ERROR", diag.Warning, Own, "An earlier entry has the error already"},
		{"UNKNOWN_ERROR_NAME", diag.Warning, Own, "The name is reserved, and no error has it"},
		{"UNCATCHABLE_ERROR", diag.Warning, Own, "The error cannot be retried or caught"},
		{"LOST_INPUT", diag.Warning, Own, "A catcher throws the input away"},
		{"NO_TIMEOUT", diag.Warning, Own, "A task may wait for up to a year"},
		{"NO_TASK_TOKEN", diag.Warning, Own, "Nobody is given the task token"},
		{"JSONATA_NOT_EVALUATED", diag.Warning, Own, "A JSONata string stands where it is plain text"},
		{"JSONPATH_NOT_EVALUATED", diag.Warning, Own, "A key ends in .$ where JSONata is spoken"},
		{"TOO_LONG_FOR_EXPRESS", diag.Warning, Own, "An Express execution ends before the time is over"},
		{"NO_EFFECT", diag.Warning, Own, "The field does nothing here"},
		{"LIMITED_CONCURRENCY", diag.Warning, Own, "An inline Map state runs 40 iterations at once at most"},
		{"UNKNOWN_SERVICE", diag.Warning, Own, "The AWS SDK service is not known"},
		{"SECRET_IN_DEFINITION", diag.Warning, Own, "A secret stands in the definition"},
		{"NO_LAMBDA_RETRY", diag.Hint, Own, "A Lambda task is not retried when Lambda is at fault"},
		{"HARD_CODED_ACCOUNT", diag.Hint, Own, "The number of an account stands in the definition"},
		{"UNUSED_VARIABLE", diag.Hint, Own, "A variable is assigned and never read"},
		{"DEPRECATED_FIELD", diag.Hint, Own, "The field has a newer name"},
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
