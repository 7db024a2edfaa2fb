package graph

import "github.com/stepsmith-dev/stepsmith/compiler/asl"

// A Map state runs its processor once per item.
type Map struct {
	Base
	Processor *Flow
	// Distributed is nil unless the iterations are executions of their own.
	Distributed *Distributed
	// ItemsPath belongs to JSONPath, Items to JSONata; nil means the state's
	// effective input.
	ItemsPath *Path
	Items     *Payload
	// ItemSelector makes the input of an iteration; nil means the item.
	ItemSelector *Payload
	// MaxConcurrency is nil when absent.
	MaxConcurrency *Scalar
	Result
	Handlers
}

func (c *compiler) mapState(at pointer, in *scope, m *Map, s *asl.Map) {
	if m.JSONata {
		m.Items = c.query(at.key("Items"), "Items", s.Items)
		m.ItemSelector = c.query(at.key("ItemSelector"), "ItemSelector", s.ItemSelector)
	} else {
		m.ItemsPath = c.path(at.key("ItemsPath"), s.ItemsPath)
		m.ItemSelector = c.template(at.key("ItemSelector"), firstOf(s.ItemSelector, s.Parameters))
		m.Result = c.result(at, s.ResultSelector, s.ResultPath)
	}
	m.MaxConcurrency = c.scalar(at, "MaxConcurrency", s.MaxConcurrency, s.MaxConcurrencyPath, m.JSONata)
	if s.Distributed() {
		m.Distributed = c.distributed(at, s, m.JSONata)
	}
	m.Handlers = c.handlers(at, in, s.Retry, s.Catch, m.JSONata)
	if s.ItemProcessor == nil {
		c.fail(at, "These fields are required: [ItemProcessor]")
		return
	}
	field := "ItemProcessor"
	if s.Iterator {
		field = "Iterator"
	}
	m.Processor = c.flow(at.key(field), s.ItemProcessor, m, 0)
}
