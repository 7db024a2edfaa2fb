package asl

import (
	"regexp"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A resourceName is a Resource field taken apart.
type resourceName struct {
	kind            resourceKind
	service, action string // "aws-sdk:dynamodb" and "query"
	pattern         string // "", "sync", "sync:2" or "waitForTaskToken"
	account         string
}

type resourceKind uint8

const (
	unknownKind resourceKind = iota // nobody knows, or a placeholder
	lambdaKind
	activityKind
	serviceKind
)

// parseResource takes an ARN apart. ok is false when the text is no ARN of a
// form that AWS has.
func parseResource(arn string) (r resourceName, ok bool) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" {
		return r, false
	}
	r.account = parts[4]
	rest := parts[5]
	switch {
	case parts[2] == "lambda":
		r.kind = lambdaKind
		return r, strings.HasPrefix(rest, "function:") || substituted(rest)
	case parts[2] != "states":
		return r, substituted(parts[2])
	case strings.HasPrefix(rest, "activity:"):
		r.kind = activityKind
		return r, true
	}
	r.kind = serviceKind
	head, pattern, _ := strings.Cut(rest, ".")
	i := strings.LastIndexByte(head, ':')
	if i < 0 {
		return r, substituted(rest)
	}
	r.service, r.action, r.pattern = head[:i], head[i+1:], pattern
	return r, true
}

// neutral replaces the placeholders of a text, which may have colons and dots in
// them, by a plain one.
func neutral(text string) string {
	if !substituted(text) {
		return text
	}
	return placeholders.ReplaceAllString(text, "$${x}")
}

var placeholders = regexp.MustCompile(`\$\{[^{}]*\}`)

// resourceOf returns the text of a Resource field; that of CloudFormation's
// substitution is in its argument.
func resourceOf(n *node) (string, bool) {
	if n == nil {
		return "", false
	}
	if n.function() {
		inside := n.kids[0]
		if len(inside.list()) > 0 {
			inside = inside.kids[0]
		}
		return inside.text, n.kids[0].key == "Fn::Sub" && inside.kind == value.KindString
	}
	return n.str()
}

// resource checks the Resource of a task.
func resource(c *checker, n *node, in *site) {
	arn, ok := resourceOf(n)
	if !ok {
		if !n.open() {
			c.say(n, wrongType, n.key, "a string")
		}
		return
	}
	plainARN := neutral(arn)
	if strings.HasPrefix(plainARN, "${x}") {
		return
	}
	r, ok := parseResource(plainARN)
	if !ok {
		c.say(n, noResource)
		return
	}
	switch {
	case r.kind == activityKind && in.express:
		c.say(n, expressActivity)
	case r.kind == serviceKind:
		c.service(n, arn, r, in)
	}
}

// service checks that an integration and its pattern exist.
func (c *checker) service(n *node, arn string, r resourceName, in *site) {
	if substituted(r.service) || substituted(r.action) || substituted(r.pattern) {
		return
	}
	known, ok := c.integration(n, arn, r)
	if !ok {
		return
	}
	switch {
	case r.pattern == "":
	case r.pattern == "sync" && known.sync, r.pattern == "sync:2" && known.sync2:
		if in.express {
			c.say(n, expressSync)
		}
	case r.pattern == "waitForTaskToken" && known.token:
		if in.express {
			c.say(n, expressToken)
		}
	default:
		c.say(n, unknownResource, arn)
		c.fix("%s:%s has %s", r.service, r.action, known.patterns())
	}
}

func (k integration) patterns() string {
	var has []string
	if k.sync {
		has = append(has, ".sync")
	}
	if k.sync2 {
		has = append(has, ".sync:2")
	}
	if k.token {
		has = append(has, ".waitForTaskToken")
	}
	if has == nil {
		return "no other pattern than request and response"
	}
	return "only " + strings.Join(has, ", ")
}

// integration finds an integration, and reports it when there is none.
func (c *checker) integration(n *node, arn string, r resourceName) (integration, bool) {
	if name, sdk := strings.CutPrefix(r.service, "aws-sdk:"); sdk {
		switch {
		case r.action == "" || strings.ToLower(r.action[:1]) != r.action[:1]:
			c.say(n, unknownResource, arn)
			c.fix("actions are written in camelCase, as in arn:aws:states:::aws-sdk:dynamodb:query")
			return integration{}, false
		case !slices.Contains(sdkServices, name):
			if near := closest(name, sdkServices); near != "" {
				c.say(n, unknownService, name, "")
				c.fix("did you mean %q?", near)
			}
		}
		return integration{token: true}, true
	}
	actions := integrations[r.service]
	if known, ok := actions[r.action]; ok {
		return known, true
	}
	c.say(n, unknownResource, arn)
	switch near := closest(r.action, keys(actions)); {
	case near != "":
		c.fix("did you mean arn:aws:states:::%s:%s?", r.service, near)
	case actions != nil || slices.Contains(sdkServices, r.service):
		c.fix("use the AWS SDK integration: arn:aws:states:::aws-sdk:%s:%s", r.service, r.action)
	default:
		if near := closest(r.service, keys(integrations)); near != "" {
			c.fix("did you mean arn:aws:states:::%s:%s?", near, r.action)
		}
	}
	return integration{}, false
}

func keys[V any](m map[string]V) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
