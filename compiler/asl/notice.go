package asl

// A notice is one thing that there is to say about a definition.
type notice struct {
	code string
	text string // for fmt.Sprintf
	fix  string
}

// All there is to say, by subject. The texts of AWS's own rules are AWS's where
// they are marked: "recorded" from the service, or "quoted" by its users. Where
// they are not, the rule and its code are AWS's and the words are ours: they are
// not verified.
var (
	// The text.
	noObject     = notice{schemaFailed, "Definition must be a valid JSON object", ""} // recorded
	invalidJSON  = notice{"INVALID_JSON_DESCRIPTION", "%s", ""}                       // recorded
	invalidYAML  = notice{"INVALID_JSON_DESCRIPTION", "not YAML: %s", ""}
	tooLarge     = notice{schemaFailed, "The definition has %d bytes; AWS takes up to %d", "move work into state machines of its own, or large literals into the input"}
	duplicateKey = notice{"DUPLICATE_KEY", "the key %q comes twice in one object, and only the last one counts", "rename one of them or delete it"}
	unresolved   = notice{"UNRESOLVED_PLACEHOLDER", "the placeholder %s has no value yet", "replace it, or run what the deployment tool makes of the file"}
	tooDeep      = notice{"TOO_DEEPLY_NESTED", "States are nested more than %d levels deep", "move the inner states into a state machine of its own"}

	// Fields.
	required      = notice{schemaFailed, "These fields are required: [%s]", ""} // recorded
	unknownField  = notice{schemaFailed, "The field '%s' is not supported%s", ""}
	otherLanguage = notice{schemaFailed, "The field '%s' is not supported when the QueryLanguage is %s", ""}
	oneOfValues   = notice{schemaFailed, "The field '%s' should have one of these values: [%s]", ""} // recorded
	wrongType     = notice{schemaFailed, "The value for the field '%s' must be %s", ""}
	empty         = notice{schemaFailed, "Value cannot be empty", ""} // recorded
	exclusive     = notice{schemaFailed, "Only one of these fields is allowed: [%s]", ""}
	needOne       = notice{schemaFailed, "One of these fields is required: [%s]", ""}
	notAlone      = notice{schemaFailed, "The field '%s' is not allowed %s", ""}
	outOfRange    = notice{schemaFailed, "The value for the field '%s' must be %s", ""}
	missingField  = notice{schemaFailed, "The field '%s' is required but was missing", ""}                                                                                                  // recorded
	downgrade     = notice{schemaFailed, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine", "leave QueryLanguage out of the state and use JSONata in it"} // recorded
	noTimestamp   = notice{schemaFailed, "String does not match RFC3339 timestamp", "write it like 2024-08-18T17:33:00Z, with a capital T and a Z or an offset"}                            // recorded
	onlyLiteral   = notice{schemaFailed, "The field '%s' takes no JSONata expression", "write its value out"}
	deprecated    = notice{"DEPRECATED_FIELD", "'%s' is the deprecated name of '%s'", ""}

	// Transitions.
	missingTarget = notice{"MISSING_TRANSITION_TARGET", "Missing 'Next' target: %s", ""}                                           // quoted
	unreachable   = notice{"MISSING_TRANSITION_TARGET", "State \"%s\" is not reachable.", "lead a transition to it, or delete it"} // recorded
	noEnd         = notice{"MISSING_END_STATE", "No state that ends the execution can be reached from '%s'", "add a Succeed or Fail state, or \"End\": true"}
	endless       = notice{"ENDLESS_LOOP", "once in state %q, the execution can never end", "lead a transition out of the loop"}
	duplicateName = notice{"DUPLICATE_STATE_NAME", "Duplicate State name: %s", "state names are unique in the whole definition, also across branches and processors"} // quoted
	invalidName   = notice{"INVALID_STATE_NAME", "The state name %q %s", ""}

	// Retry and Catch.
	allNotAlone = notice{schemaFailed, "States.ALL must be the only error in its ErrorEquals", "give it an entry of its own, behind the others"}
	allNotLast  = notice{schemaFailed, "States.ALL must be in the last entry of %s", "move the entry behind the others"}
	reserved    = notice{"UNKNOWN_ERROR_NAME", "%q is no error that AWS raises; names that begin with States. are reserved", ""}
	shadowed    = notice{"SHADOWED_ERROR", "%s is never looked for here: the %s matches it before", "put specific errors before general ones"}
	uncatchable = notice{"UNCATCHABLE_ERROR", "%s is never retried or caught: the execution fails at once", "prevent it; nothing can handle it"}
	lostInput   = notice{"LOST_INPUT", "the error replaces the whole input of %q, because the catcher has no ResultPath", "add \"ResultPath\": \"$.error\" to keep the input beside the error"}

	// Choice.
	noDefault      = notice{"NO_DEFAULT", "the execution fails when no rule of %q matches", "add a Default"}
	unreachedRule  = notice{"UNREACHABLE_RULE", "the rule is never reached: %s", "delete it, or move it before the one that hides it"}
	unknownCompare = notice{schemaFailed, "The field '%s' is not a comparison operator%s", ""}
	oneOperator    = notice{schemaFailed, "A rule with a Variable needs exactly one comparison operator, and has %s", ""}

	// Names of the machine and labels.
	nameEmpty      = notice{"STATE_MACHINE_NAME_EMPTY", "The name of the state machine is empty", ""}
	nameLong       = notice{"STATE_MACHINE_NAME_TOO_LONG", "The name of the state machine has %d characters; AWS takes up to 80", ""}
	nameInvalid    = notice{"STATE_MACHINE_NAME_INVALID", "The name of the state machine has the forbidden character %q", "use letters, digits, '-' and '_'"}
	duplicateLabel = notice{"DUPLICATE_LABEL_NAME", "Duplicate Label: %s", "labels are unique in the whole definition"}
	invalidLabel   = notice{"INVALID_LABEL_NAME", "The label %q %s", "use up to 40 letters, digits, '-' and '_'"}

	// Tasks.
	noResource      = notice{schemaFailed, "Value is not a valid resource ARN", "write an ARN such as arn:aws:states:::lambda:invoke"}                                                // quoted
	unknownResource = notice{schemaFailed, "The resource provided %s is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.", ""} // recorded
	expressSync     = notice{schemaFailed, "Express state machine does not support '.sync' service integration", "call a Standard state machine, or poll"}                            // recorded
	expressToken    = notice{schemaFailed, "Express state machine does not support '.waitForTaskToken' service integration ", "call a Standard state machine"}                        // recorded
	expressActivity = notice{schemaFailed, "Express state machine does not support Activity ARN", "use a Lambda function, or a Standard state machine"}                               // recorded
	expressMap      = notice{schemaFailed, "Express state machine does not support Map states in DISTRIBUTED mode", "use INLINE mode, or a Standard state machine"}
	heartbeatLong   = notice{schemaFailed, "HeartbeatSeconds (%d) must be less than TimeoutSeconds (%d)", ""}
	unknownService  = notice{"UNKNOWN_SERVICE", "no service %q is known to the AWS SDK integrations%s", "services are written as in arn:aws:states:::aws-sdk:dynamodb:query"}
	noTimeout       = notice{"NO_TIMEOUT", "nothing bounds how long %q waits for %s: up to a year", "add TimeoutSeconds or HeartbeatSeconds"}
	noTaskToken     = notice{"NO_TASK_TOKEN", "%q waits for its task token to come back, and gives it to nobody", "put %s into %s"}
	noLambdaRetry   = notice{"NO_LAMBDA_RETRY", "%q is not retried when Lambda itself fails", "add a Retry for Lambda.ServiceException, Lambda.AWSLambdaException, Lambda.SdkClientException and Lambda.TooManyRequestsException"}
	hardCoded       = notice{"HARD_CODED_ACCOUNT", "the account %s is written into the definition", "use a substitution such as ${FunctionArn}"}
	secret          = notice{"SECRET_IN_DEFINITION", "%s stands in the definition, where everybody who may read it sees it", "read it from AWS Secrets Manager in the task"}
	tooLong         = notice{"TOO_LONG_FOR_EXPRESS", "an Express execution ends after five minutes, and '%s' is %d seconds", ""}

	// Map.
	notInline     = notice{schemaFailed, "The field '%s' is supported in DISTRIBUTED mode only", "set \"Mode\": \"DISTRIBUTED\" in the ProcessorConfig, or delete the field"}
	noEffect      = notice{"NO_EFFECT", "'%s' has no effect in INLINE mode: the first iteration that fails ends the Map state", "set \"Mode\": \"DISTRIBUTED\" in the ProcessorConfig, or delete the field"}
	limitedInline = notice{"LIMITED_CONCURRENCY", "an inline Map state runs up to 40 iterations at once, and MaxConcurrency is %d", "use DISTRIBUTED mode"}

	// JSONPath.
	badTemplate  = notice{schemaFailed, "The value for the field '%s' must be a valid JSONPath or a valid intrinsic function call", ""} // recorded
	badPath      = notice{schemaFailed, "The value for the field '%s' must be a valid JSONPath", ""}                                    // quoted
	badReference = notice{schemaFailed, "The value for the field '%s' must be a Reference Path", ""}
	twinKeys     = notice{schemaFailed, "The keys '%s' and '%s' are one after '.$' is removed", "delete one of them"}
	noDollar     = notice{"NO_DOLLAR", "the value %q of %q is plain text and not evaluated", ""}
	noPath       = notice{"NO_PATH", "%q in '%s' is plain text and no path", ""}
	staticResult = notice{"PASS_RESULT_IS_STATIC", "%q is not evaluated: the Result of a Pass state is literal", "use Parameters"}

	// JSONata.
	badExpression    = notice{"INVALID_JSONATA_EXPRESSION", "%s", ""}
	halfDelimiter    = notice{schemaFailed, "A JSONata expression begins with '{%%' and ends with '%%}', and is the whole string", ""}
	unsupported      = notice{"UNSUPPORTED_JSONATA_EXPRESSION", "%s", ""} // quoted
	wrongPlace       = notice{"UNSUPPORTED_JSONATA_EXPRESSION", "Reference to '%s' is not supported in %s", ""}
	unknownFunction  = notice{"UNKNOWN_FUNCTION", "there is no function $%s%s", ""}
	wrongArguments   = notice{"WRONG_ARGUMENTS", "$%s takes %s, and gets %d", ""}
	pathNotEvaluated = notice{"JSONPATH_NOT_EVALUATED", "%q ends in .$, but the QueryLanguage here is JSONata and nothing is evaluated", ""}
	notEvaluated     = notice{"JSONATA_NOT_EVALUATED", "%q is plain text, because the QueryLanguage here is JSONPath", "set \"QueryLanguage\": \"JSONata\""}

	// Variables.
	badVariable     = notice{schemaFailed, "'%s' is not a valid variable name: %s", ""}
	outerVariable   = notice{schemaFailed, "The variable '%s' belongs to an outer scope and cannot be assigned here", "give it another name"}
	largeVariable   = notice{schemaFailed, "The value has %d bytes; a variable holds up to %d", ""}
	unknownVariable = notice{"UNKNOWN_VARIABLE", "nothing assigns the variable $%s%s", ""}
	maybeUnassigned = notice{"MAYBE_UNASSIGNED_VARIABLE", "the variable $%s is not assigned on every way to here", "assign it before, for example in a Pass state at the start"}
	unusedVariable  = notice{"UNUSED_VARIABLE", "the variable $%s is never read", "delete it"}

	// Data.
	noSuchField      = notice{"NO_SUCH_FIELD", "%s leads to no field: %s", ""}
	maybeNoSuchField = notice{"MAYBE_NO_SUCH_FIELD", "%s seems to lead to nothing: %s", ""}
)
