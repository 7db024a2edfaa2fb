package asl

import (
	"regexp"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// task checks what the fields of a Task state do not show one by one.
func (c *checker) task(s *step, in *site) {
	n := s.node
	c.required(n, "Resource")
	c.nextOrEnd(s)
	c.exclusive(n, "TimeoutSeconds", "TimeoutSecondsPath")
	c.exclusive(n, "HeartbeatSeconds", "HeartbeatSecondsPath")
	timeout, bounded := n.get("TimeoutSeconds").value().Int()
	heartbeat, beats := n.get("HeartbeatSeconds").value().Int()
	if bounded && beats && heartbeat >= timeout {
		c.say(n.get("HeartbeatSeconds"), heartbeatLong, heartbeat, timeout)
	}
	arn, ok := resourceOf(n.get("Resource"))
	if !ok {
		return
	}
	r, _ := parseResource(neutral(arn))
	if r.kind == serviceKind {
		if payload := s.payloadOf(); payload != nil && payload.kind == value.KindList {
			c.say(payload, wrongType, payload.key, "an object")
		}
		c.needs(s, integrations[r.service][r.action].needs)
	}
	c.waiting(s, r)
	c.lambda(s, r)
}

// payloadOf returns the field that holds what a task is given.
func (s *step) payloadOf() *node {
	if s.language == JSONata {
		return s.node.get("Arguments")
	}
	return s.node.get("Parameters")
}

// needs wants the arguments that an integration cannot do without.
func (c *checker) needs(s *step, names []string) {
	payload := s.payloadOf()
	if !payload.object() {
		return
	}
	for _, alternatives := range names {
		found := false
		for _, name := range strings.Split(alternatives, "|") {
			found = found || payload.has(name) || s.language == JSONPath && payload.has(name+".$")
		}
		if !found {
			c.say(payload, missingField, strings.ReplaceAll(alternatives, "|", "' or '"))
		}
	}
}

// waiting checks tasks that wait for somebody else.
func (c *checker) waiting(s *step, r resourceName) {
	what := ""
	switch {
	case r.pattern == "waitForTaskToken":
		what = "its task token"
		if !carriesToken(s.payloadOf()) {
			token, field := `"TaskToken.$": "$$.Task.Token"`, "Parameters"
			if s.language == JSONata {
				token, field = "{% $states.context.Task.Token %}", "Arguments"
			}
			c.say(s.node.get("Resource"), noTaskToken, s.name)
			c.fix("put %s into %s", token, field)
		}
	case r.kind == activityKind:
		what = "a worker"
	default:
		return
	}
	for _, name := range []string{"TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath"} {
		if s.node.has(name) {
			return
		}
	}
	c.say(s.node.get("Resource"), noTimeout, s.name, what)
}

var tokenSource = regexp.MustCompile(`Task\.Token|\[\s*["']Token["']\s*\]|^\$\$(\.Task)?$|\$states\.context(\.Task)?\s*([^.\w\s]|$)`)

// carriesToken reports whether a payload takes the task token from the context.
func carriesToken(n *node) bool {
	if n == nil {
		return false
	}
	if n.kind == value.KindString && tokenSource.MatchString(strings.TrimSpace(n.text)) {
		return true
	}
	for _, kid := range n.kids {
		if carriesToken(kid) {
			return true
		}
	}
	return n.kind != value.KindString && n.open()
}

// lambda advises to retry when Lambda is at fault, and not the function.
func (c *checker) lambda(s *step, r resourceName) {
	if r.kind != lambdaKind && r.service != "lambda" || r.pattern != "" {
		return
	}
	for _, entry := range s.node.get("Retry").list() {
		for _, item := range entry.get("ErrorEquals").list() {
			if name := item.text; name == "States.ALL" || name == "States.TaskFailed" || strings.HasPrefix(name, "Lambda.") || item.open() {
				return
			}
		}
	}
	c.say(s.node, noLambdaRetry, s.name)
}

// credentials checks the role that a task assumes.
func credentials(c *checker, n *node, in *site) {
	if c.dynamic(n, in) || !c.record(n) {
		return
	}
	if !n.has("RoleArn") && (in.language == JSONata || !n.has("RoleArn.$")) {
		c.say(n, missingField, "RoleArn")
	}
	payload(c, n, in)
}

var (
	accountARN = regexp.MustCompile(`\barn:aws[\w-]*:[\w-]+:[\w-]*:(\d{12}):`)
	accessKey  = regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b`)
	secretKey  = regexp.MustCompile(`(?i)^(password|passwd|secret|client_?secret|secret_?key|api_?key|private_?key|access_?token|auth_?token)$`)
)

// literals looks for what should not be written into a definition.
func (c *checker) literals(n *node) {
	if c.errorsOnly {
		return
	}
	for _, kid := range n.kids {
		c.literals(kid)
	}
	if n.kind != value.KindString {
		return
	}
	if m := accountARN.FindStringSubmatch(n.text); m != nil {
		c.say(n, hardCoded, m[1])
	}
	switch {
	case accessKey.MatchString(n.text):
		c.say(n, secret, "an access key of AWS")
	case n.parent != nil && secretKey.MatchString(n.key) && n.text != "" && !substituted(n.text) && !strings.ContainsAny(n.text[:1], "{$") &&
		!strings.HasPrefix(n.text, "arn:"):
		c.say(n, secret, "a literal "+n.key)
	}
}
