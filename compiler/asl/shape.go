package asl

import (
	"slices"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A shape is what is known of data before it exists. The nil shape is unknown.
// Shapes are immutable.
type shape struct {
	kind   value.Kind
	fields []shapeField // of an object: those that it may have
	open   bool         // an object that may have other fields too
	item   *shape       // of a list
	// foreign says that AWS makes the object, and not the definition: AWS may add
	// fields to it one day.
	foreign bool
}

type shapeField struct {
	name string
	of   *shape
}

// deepest is how deep shapes go; what is below is unknown. It keeps a loop that
// wraps its input from going on for ever. widest is how many fields an object may
// have whose fields are known.
const (
	deepest = 12
	widest  = 200
)

func scalar(kind value.Kind) *shape { return &shape{kind: kind} }

func listShape(item *shape) *shape { return &shape{kind: value.KindList, item: item} }

// foreignShape returns an object that AWS makes, with fields of unknown shapes.
func foreignShape(names ...string) *shape {
	s := &shape{kind: value.KindObject, foreign: true}
	for _, name := range names {
		s.fields = append(s.fields, shapeField{name, nil})
	}
	return s
}

func (s *shape) find(name string) (shapeField, bool) {
	for _, f := range s.fields {
		if f.name == name {
			return f, true
		}
	}
	return shapeField{}, false
}

// with returns the object with a field set.
func (s *shape) with(name string, of *shape) *shape {
	set := *s
	set.fields = slices.Clone(s.fields)
	for i, f := range set.fields {
		if f.name == name {
			set.fields[i].of = of
			return &set
		}
	}
	set.fields = append(set.fields, shapeField{name, of})
	return &set
}

// join returns what is known of data that is one or the other.
func join(a, b *shape) *shape { return joinTo(a, b, deepest) }

func joinTo(a, b *shape, depth int) *shape {
	if a == nil || b == nil || a.kind != b.kind || depth == 0 {
		return nil
	}
	if a == b {
		return a
	}
	switch a.kind {
	case value.KindList:
		return listShape(joinTo(a.item, b.item, depth-1))
	case value.KindObject:
		joined := &shape{kind: value.KindObject, open: a.open || b.open, foreign: a.foreign || b.foreign}
		for _, f := range a.fields {
			if other, ok := b.find(f.name); ok {
				f.of = joinTo(f.of, other.of, depth-1)
			}
			joined.fields = append(joined.fields, f)
		}
		for _, f := range b.fields {
			if _, ok := a.find(f.name); !ok {
				joined.fields = append(joined.fields, f)
			}
		}
		return joined
	}
	return a
}

// cut forgets what is deeper than shapes go.
func cut(s *shape, depth int) *shape {
	if s == nil || depth == 0 || len(s.fields) > widest {
		return nil
	}
	switch s.kind {
	case value.KindList:
		return listShape(cut(s.item, depth-1))
	case value.KindObject:
		c := &shape{kind: value.KindObject, open: s.open, foreign: s.foreign}
		for _, f := range s.fields {
			c.fields = append(c.fields, shapeField{f.name, cut(f.of, depth-1)})
		}
		return c
	}
	return s
}

func sameShape(a, b *shape) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil || a.kind != b.kind || a.open != b.open || a.foreign != b.foreign || len(a.fields) != len(b.fields) || !sameShape(a.item, b.item) {
		return false
	}
	for _, f := range a.fields {
		if other, ok := b.find(f.name); !ok || !sameShape(f.of, other.of) {
			return false
		}
	}
	return true
}

// lookup follows steps. Where they surely lead to nothing, missing is the number
// of the step at which the data ends, and within is what is there.
func (s *shape) lookup(steps []string, language QueryLanguage) (found, within *shape, missing int) {
	for i, step := range steps {
		for language == JSONata && s != nil && s.kind == value.KindList { // a step goes through all items
			s = s.item
		}
		switch {
		case s == nil || s.kind == value.KindNull:
			return nil, nil, -1
		case s.kind == value.KindList && step == indexStep:
			s = s.item
			continue
		case s.kind != value.KindObject || step == indexStep:
			return nil, s, i
		}
		f, ok := s.find(step)
		if !ok && s.open {
			return nil, nil, -1
		}
		if !ok {
			return nil, s, i
		}
		s = f.of
	}
	return s, nil, -1
}

// at returns the shape behind the steps, unknown where they lead to nothing.
func (s *shape) at(steps []string) *shape {
	found, _, _ := s.lookup(steps, JSONPath)
	return found
}

// insert returns the data with something written at the steps, as ResultPath
// does it.
func (s *shape) insert(steps []string, of *shape) *shape {
	if len(steps) == 0 {
		return of
	}
	if s == nil || s.kind != value.KindObject || steps[0] == indexStep {
		return nil
	}
	inner := &shape{kind: value.KindObject}
	if f, ok := s.find(steps[0]); ok {
		inner = f.of
	} else if s.open {
		inner = nil
	}
	return s.with(steps[0], inner.insert(steps[1:], of))
}

// literalShape is the shape of a value that is written out.
func literalShape(n *node) *shape {
	if n.open() || len(n.kids) > widest {
		return nil
	}
	switch n.kind {
	case value.KindObject:
		s := &shape{kind: value.KindObject}
		for _, kid := range n.members() {
			s.fields = append(s.fields, shapeField{kid.key, literalShape(kid)})
			s.open = s.open || substituted(kid.key)
		}
		return s
	case value.KindList:
		return itemShapes(n, literalShape)
	}
	return scalar(n.kind)
}

// itemShapes is the shape of a list by those of its items.
func itemShapes(n *node, of func(*node) *shape) *shape {
	var item *shape
	for i, kid := range n.kids {
		if i == 0 {
			item = of(kid)
			continue
		}
		item = join(item, of(kid))
	}
	return listShape(item)
}

// resultShapes are what service integrations return.
var resultShapes = func() map[string]*shape {
	service := func(names ...string) *shape {
		return foreignShape(append(names, "SdkHttpMetadata", "SdkResponseMetadata")...)
	}
	execution := foreignShape("ExecutionArn", "Input", "InputDetails", "Name", "Output", "OutputDetails", "RedriveCount", "RedriveDate",
		"RedriveStatus", "RedriveStatusReason", "StartDate", "StateMachineAliasArn", "StateMachineArn", "StateMachineVersionArn",
		"Status", "StopDate", "TraceHeader", "MapRunArn", "Error", "Cause", "SdkHttpMetadata", "SdkResponseMetadata")
	return map[string]*shape{
		"lambda:invoke":                service("ExecutedVersion", "FunctionError", "LogResult", "Payload", "StatusCode"),
		"http:invoke":                  foreignShape("Headers", "ResponseBody", "StatusCode", "StatusText"),
		"states:startExecution":        service("ExecutionArn", "StartDate"),
		"states:startExecution.sync":   execution,
		"states:startExecution.sync:2": execution,
		"sns:publish":                  service("MessageId", "SequenceNumber"),
		"sqs:sendMessage":              service("MD5OfMessageAttributes", "MD5OfMessageBody", "MD5OfMessageSystemAttributes", "MessageId", "SequenceNumber"),
		"events:putEvents":             service("Entries", "FailedEntryCount"),
		"dynamodb:getItem":             service("ConsumedCapacity", "Item"),
		"dynamodb:putItem":             service("Attributes", "ConsumedCapacity", "ItemCollectionMetrics"),
		"dynamodb:updateItem":          service("Attributes", "ConsumedCapacity", "ItemCollectionMetrics"),
		"dynamodb:deleteItem":          service("Attributes", "ConsumedCapacity", "ItemCollectionMetrics"),
	}
}()

// caughtShape is what a catcher gives.
var caughtShape = foreignShape("Error", "Cause")

// contextShape is the context object. What is in it depends on the place; the
// input and the items are not known.
var contextShape = &shape{kind: value.KindObject, foreign: true, fields: []shapeField{
	{"Execution", foreignShape("Id", "Input", "Name", "RoleArn", "StartTime", "RedriveCount", "RedriveTime")},
	{"StateMachine", foreignShape("Id", "Name")},
	{"State", foreignShape("EnteredTime", "Name", "RetryCount")},
	{"Task", foreignShape("Token")},
	{"Map", &shape{kind: value.KindObject, foreign: true, fields: []shapeField{
		{"Item", foreignShape("Index", "Value", "Key", "Source")},
	}}},
}}
