package graph

import (
	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// Distributed is what a Map state has besides when its iterations are
// executions of their own.
type Distributed struct {
	// Express says that the child executions are Express workflows.
	Express bool
	// Label is part of the names of the map run and of its children; empty when
	// the definition gives none.
	Label string
	// Reader is nil when the items come from the state's data.
	Reader *Reader
	// Batcher is nil when every child gets one item.
	Batcher *Batcher
	// Writer is nil when the results become the state's result.
	Writer *Writer
	// ToleratedCount and ToleratedPercentage are nil when absent.
	ToleratedCount, ToleratedPercentage *Scalar
}

// A Reader says where the items of a distributed Map state are.
type Reader struct {
	// Resource is the ARN of s3:getObject or s3:listObjectsV2.
	Resource  string
	Arguments *Payload
	// Config is how to read them; its MaxItems is not evaluated.
	Config asl.ReaderConfig
	// MaxItems is nil when absent.
	MaxItems *Scalar
}

// A Batcher says how many items a child execution gets.
type Batcher struct {
	// Input is BatchInput, nil when absent.
	Input *Payload
	// MaxItems and MaxBytes are nil when absent.
	MaxItems, MaxBytes *Scalar
}

// A Writer says where the results of a distributed Map state go.
type Writer struct {
	// Resource is the ARN of s3:putObject; empty when only the state's result is
	// to be formatted.
	Resource  string
	Arguments *Payload
	Config    asl.WriterConfig
}

// Child returns the machine that the child executions of a distributed Map
// state run.
func (m *Machine) Child(s *Map) *Machine {
	return &Machine{Root: s.Processor, Flows: m.Flows, States: m.States}
}

func (c *compiler) distributed(at pointer, s *asl.Map, jsonata bool) *Distributed {
	d := &Distributed{
		Express: s.ItemProcessor.ProcessorConfig.ExecutionType == "EXPRESS",
		Label:   s.Label,
		ToleratedCount: c.scalar(at, "ToleratedFailureCount",
			s.ToleratedFailureCount, s.ToleratedFailureCountPath, jsonata),
		ToleratedPercentage: c.scalar(at, "ToleratedFailurePercentage",
			s.ToleratedFailurePercentage, s.ToleratedFailurePercentagePath, jsonata),
	}
	if r := s.ItemReader; r != nil {
		at := at.key("ItemReader")
		d.Reader = &Reader{Resource: r.Resource, Arguments: c.arguments(at, "ItemReader/", r.Parameters, r.Arguments, jsonata)}
		if r.ReaderConfig != nil {
			d.Reader.Config = *r.ReaderConfig
			d.Reader.MaxItems = c.scalar(at.key("ReaderConfig"), "MaxItems", r.ReaderConfig.MaxItems, r.ReaderConfig.MaxItemsPath, jsonata)
		}
	}
	if b := s.ItemBatcher; b != nil {
		at := at.key("ItemBatcher")
		d.Batcher = &Batcher{
			MaxItems: c.scalar(at, "MaxItemsPerBatch", b.MaxItemsPerBatch, b.MaxItemsPerBatchPath, jsonata),
			MaxBytes: c.scalar(at, "MaxInputBytesPerBatch", b.MaxInputBytesPerBatch, b.MaxInputBytesPerBatchPath, jsonata),
			Input:    c.payload(at, "BatchInput", b.BatchInput, jsonata),
		}
	}
	if w := s.ResultWriter; w != nil {
		at := at.key("ResultWriter")
		d.Writer = &Writer{Resource: w.Resource, Arguments: c.arguments(at, "ResultWriter/", w.Parameters, w.Arguments, jsonata)}
		if w.WriterConfig != nil {
			d.Writer.Config = *w.WriterConfig
		}
	}
	return d
}

// arguments compiles the parameters of a part of a state, whose fields are
// named after that part.
func (c *compiler) arguments(at pointer, part string, parameters, arguments value.Value, jsonata bool) *Payload {
	if jsonata {
		return c.query(at.key("Arguments"), part+"Arguments", arguments)
	}
	return c.template(at.key("Parameters"), parameters)
}
