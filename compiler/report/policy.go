package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/graph"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A Policy is an IAM policy document: what the role of the state machine needs
// for its tasks, maps and nested executions, and no more. Resources are as exact
// as the definition is; what it takes from data is a "*". Logging and tracing,
// which are no part of a definition, are left out.
type Policy struct {
	Version   string
	Statement []Statement
}

// A Statement allows actions on resources.
type Statement struct {
	Effect    string
	Action    []string
	Resource  []string
	Condition map[string]map[string]string `json:",omitempty"`
}

// allow makes a statement.
func allow(resources []string, actions ...string) Statement {
	return Statement{Effect: "Allow", Action: actions, Resource: resources}
}

// policy collects what all states need.
func (a *analysis) policy() Policy {
	var all []Statement
	a.walk(a.asl, func(s asl.State) {
		switch s := s.(type) {
		case *asl.Task:
			all = append(all, a.taskNeeds(s)...)
		case *asl.Map:
			all = append(all, a.mapNeeds(s)...)
		}
	})
	return Policy{Version: "2012-10-17", Statement: merge(all)}
}

func (a *analysis) walk(m *asl.Machine, visit func(asl.State)) {
	for _, s := range m.States {
		visit(s)
		for _, f := range s.Flows() {
			a.walk(f, visit)
		}
	}
}

// merge puts statements with the same actions together, and sorts.
func merge(all []Statement) []Statement {
	merged := []Statement{}
	for _, s := range all {
		slices.Sort(s.Action)
		same := func(m Statement) bool {
			return slices.Equal(m.Action, s.Action) && m.Condition == nil && s.Condition == nil
		}
		if i := slices.IndexFunc(merged, same); i >= 0 {
			merged[i].Resource = append(merged[i].Resource, s.Resource...)
			continue
		}
		s.Resource = slices.Clone(s.Resource)
		merged = append(merged, s)
	}
	for i := range merged {
		slices.Sort(merged[i].Resource)
		merged[i].Resource = slices.Compact(merged[i].Resource)
	}
	slices.SortStableFunc(merged, func(s, t Statement) int {
		return cmp.Or(slices.Compare(s.Action, t.Action), slices.Compare(s.Resource, t.Resource))
	})
	return slices.CompactFunc(merged, func(s, t Statement) bool {
		return slices.Equal(s.Action, t.Action) && slices.Equal(s.Resource, t.Resource) && s.Condition == nil && t.Condition == nil
	})
}

// A call is what a task calls and with what.
type call struct {
	*analysis
	graph.Resource
	arguments value.Value
}

// text returns an argument that is written in the definition, and "" for one
// that data decides.
func (c *call) text(name string) string {
	s, _ := c.arguments.Get(name).Str()
	if strings.HasPrefix(s, "{%") {
		return ""
	}
	return s
}

// or returns an argument, or "*" when data decides it.
func (c *call) or(name string) string { return cmp.Or(c.text(name), "*") }

// arn makes an ARN in the region and account of the options.
func (a *analysis) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + cmp.Or(a.Region, "*") + ":" + cmp.Or(a.Account, "*") + ":" + resource
}

// named returns the ARN of something that an argument names, or gives by its
// ARN.
func (c *call) named(argument, service, prefix string) []string {
	name := c.or(argument)
	if strings.HasPrefix(name, "arn:") {
		return []string{name}
	}
	return []string{c.arn(service, prefix+name)}
}

// taskNeeds is what a task needs.
func (a *analysis) taskNeeds(t *asl.Task) []Statement {
	c := &call{a, graph.ParseResource(t.Resource), t.Arguments}
	if c.arguments.IsUndefined() {
		c.arguments = t.Parameters
	}
	if !t.Credentials.IsUndefined() { // the other role needs the rest
		role, _ := t.Credentials.Get("RoleArn").Str()
		if role == "" || strings.HasPrefix(role, "{%") {
			role = "*"
		}
		return []Statement{allow([]string{role}, "sts:AssumeRole")}
	}
	switch {
	case c.Kind == graph.Lambda:
		return []Statement{allow([]string{c.ARN}, "lambda:InvokeFunction")}
	case c.Kind == graph.Activity:
		return nil
	case strings.HasPrefix(c.Type, "aws-sdk:"):
		return c.sdk()
	}
	return c.optimised()
}

// mapNeeds is what a distributed Map state needs.
func (a *analysis) mapNeeds(m *asl.Map) []Statement {
	if !m.Distributed() {
		return nil
	}
	name := cmp.Or(a.Name, "*")
	needs := []Statement{
		allow([]string{a.arn("states", "stateMachine:"+name)}, "states:StartExecution"),
		allow([]string{a.arn("states", "execution:"+name+"/*")}, "states:DescribeExecution", "states:StopExecution"),
	}
	if r := m.ItemReader; r != nil {
		c := &call{a, graph.ParseResource(r.Resource), firstOf(r.Arguments, r.Parameters)}
		bucket := "arn:aws:s3:::" + c.or("Bucket")
		if c.Action() == "listObjectsV2" {
			needs = append(needs, allow([]string{bucket}, "s3:ListBucket"))
			if r.ReaderConfig != nil && r.ReaderConfig.Transformation == "LOAD_AND_FLATTEN" {
				needs = append(needs, allow([]string{bucket + "/" + c.text("Prefix") + "*"}, "s3:GetObject"))
			}
		} else {
			needs = append(needs, allow([]string{bucket + "/" + c.or("Key")}, "s3:GetObject"))
			if r.ReaderConfig != nil && r.ReaderConfig.InputType == "MANIFEST" {
				needs = append(needs, allow([]string{bucket + "/*"}, "s3:GetObject")) // what the manifest lists
			}
		}
	}
	if w := m.ResultWriter; w != nil && w.Resource != "" {
		c := &call{a, graph.ParseResource(w.Resource), firstOf(w.Arguments, w.Parameters)}
		under := "arn:aws:s3:::" + c.or("Bucket") + "/"
		if prefix := c.text("Prefix"); prefix != "" {
			under += strings.TrimSuffix(prefix, "/") + "/"
		}
		needs = append(needs, allow([]string{under + "*"},
			"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"))
	}
	return needs
}

func firstOf(v, w value.Value) value.Value {
	if v.IsUndefined() {
		return w
	}
	return v
}
