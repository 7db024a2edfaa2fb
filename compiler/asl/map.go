package asl

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A Map runs its processor once for each item of a list.
type Map struct {
	Base
	// ItemProcessor is the flow that runs for each item, nil when it is missing.
	ItemProcessor *Machine
	// Iterator says that the document calls the processor by its deprecated
	// name.
	Iterator bool

	// ItemsPath belongs to JSONPath, Items to JSONata.
	ItemsPath, Items value.Value
	// ItemSelector is evaluated for each item. Parameters is its deprecated
	// name; it belongs to JSONPath.
	ItemSelector, Parameters value.Value
	// MaxConcurrency is a whole number from 0, which sets no bound.
	MaxConcurrency, MaxConcurrencyPath value.Value
	// ResultSelector and ResultPath belong to JSONPath.
	ResultSelector, ResultPath value.Value

	// The fields of this block belong to distributed mode.
	ItemReader                                                 *ItemReader
	ItemBatcher                                                *ItemBatcher
	ResultWriter                                               *ResultWriter
	ToleratedFailureCount, ToleratedFailureCountPath           value.Value
	ToleratedFailurePercentage, ToleratedFailurePercentagePath value.Value
	// Label becomes part of the name of the map run; empty is absent.
	Label string

	Retry []Retrier
	Catch []Catcher
}

// Type returns [TypeMap].
func (*Map) Type() Type { return TypeMap }

// Flows returns the processor, if there is one.
func (m *Map) Flows() []*Machine {
	if m.ItemProcessor == nil {
		return nil
	}
	return []*Machine{m.ItemProcessor}
}

// Distributed reports whether the iterations run as executions of their own.
func (m *Map) Distributed() bool {
	return m.ItemProcessor != nil && m.ItemProcessor.ProcessorConfig != nil &&
		m.ItemProcessor.ProcessorConfig.Mode == ModeDistributed
}

// A ProcessorConfig says how the processor of a Map state runs.
type ProcessorConfig struct {
	// Mode is [ModeInline], also when it is empty, or [ModeDistributed].
	Mode string
	// ExecutionType is STANDARD or EXPRESS, for distributed mode only.
	ExecutionType string
}

// The modes of a [ProcessorConfig].
const (
	ModeInline      = "INLINE"
	ModeDistributed = "DISTRIBUTED"
)

// An ItemReader reads the items of a distributed Map state from Amazon S3.
type ItemReader struct {
	// Resource is the ARN of s3:getObject or s3:listObjectsV2.
	Resource string
	// Parameters belongs to JSONPath, Arguments to JSONata.
	Parameters, Arguments value.Value
	// ReaderConfig is nil when it is absent.
	ReaderConfig *ReaderConfig
}

// A ReaderConfig tells an [ItemReader] what its data looks like.
type ReaderConfig struct {
	// InputType is CSV, JSON, JSONL, PARQUET or MANIFEST.
	InputType string
	// Transformation is NONE or LOAD_AND_FLATTEN; ManifestType is ATHENA_DATA or
	// S3_INVENTORY.
	Transformation, ManifestType string
	// CSVDelimiter is COMMA, PIPE, SEMICOLON, SPACE or TAB; CSVHeaderLocation is
	// FIRST_ROW or GIVEN, and only GIVEN has CSVHeaders.
	CSVDelimiter, CSVHeaderLocation string
	CSVHeaders                      []string
	// ItemsPointer is a JSON pointer to the array within a JSON file.
	ItemsPointer string
	// MaxItems bounds the number of items. The path belongs to JSONPath.
	MaxItems, MaxItemsPath value.Value
}

// An ItemBatcher gives each child execution several items at once.
type ItemBatcher struct {
	// BatchInput is merged into the input of each batch.
	BatchInput value.Value
	// At least one of the limits is set. The paths belong to JSONPath.
	MaxItemsPerBatch, MaxItemsPerBatchPath           value.Value
	MaxInputBytesPerBatch, MaxInputBytesPerBatchPath value.Value
}

// A ResultWriter writes the results of a distributed Map state to Amazon S3.
type ResultWriter struct {
	// Resource is the ARN of s3:putObject; empty when only the state's output is
	// to be formatted.
	Resource string
	// Parameters belongs to JSONPath, Arguments to JSONata.
	Parameters, Arguments value.Value
	// WriterConfig is nil when it is absent.
	WriterConfig *WriterConfig
}

// A WriterConfig tells a [ResultWriter] how results are to look.
type WriterConfig struct {
	// Transformation is NONE, COMPACT or FLATTEN; OutputType is JSON or JSONL.
	Transformation, OutputType string
}

func (*Map) fields() []field[Map] {
	return append(head[Map](),
		field[Map]{"InputPath", onlyJSONPath, func(m *Map) any { return &m.InputPath }, inputPath},
		field[Map]{"ItemReader", both, func(m *Map) any { return &m.ItemReader }, itemReader},
		field[Map]{"ItemsPath", onlyJSONPath, func(m *Map) any { return &m.ItemsPath }, itemsPath},
		field[Map]{"Items", onlyJSONata, func(m *Map) any { return &m.Items }, items},
		field[Map]{"ItemSelector", both, func(m *Map) any { return &m.ItemSelector }, itemSelector},
		field[Map]{"Parameters", onlyJSONPath, func(m *Map) any { return &m.Parameters }, itemSelector},
		field[Map]{"ItemBatcher", both, func(m *Map) any { return &m.ItemBatcher }, itemBatcher},
		field[Map]{"MaxConcurrency", both, func(m *Map) any { return &m.MaxConcurrency }, count},
		field[Map]{"MaxConcurrencyPath", onlyJSONPath, func(m *Map) any { return &m.MaxConcurrencyPath }, referencePath},
		field[Map]{"ToleratedFailureCount", both, func(m *Map) any { return &m.ToleratedFailureCount }, count},
		field[Map]{"ToleratedFailureCountPath", onlyJSONPath, func(m *Map) any { return &m.ToleratedFailureCountPath }, referencePath},
		field[Map]{"ToleratedFailurePercentage", both, func(m *Map) any { return &m.ToleratedFailurePercentage }, percentage},
		field[Map]{"ToleratedFailurePercentagePath", onlyJSONPath, func(m *Map) any { return &m.ToleratedFailurePercentagePath }, referencePath},
		field[Map]{"Label", both, func(m *Map) any { return &m.Label }, label},
		field[Map]{"ItemProcessor", both, func(m *Map) any { return processor{m, false} }, itemProcessor},
		field[Map]{"Iterator", both, func(m *Map) any { return processor{m, true} }, itemProcessor},
		field[Map]{"ResultWriter", both, func(m *Map) any { return &m.ResultWriter }, resultWriter},
		field[Map]{"Retry", both, func(m *Map) any { return &m.Retry }, retry},
		field[Map]{"ResultSelector", onlyJSONPath, func(m *Map) any { return &m.ResultSelector }, resultSelector},
		field[Map]{"ResultPath", onlyJSONPath, func(m *Map) any { return &m.ResultPath }, resultPath},
		field[Map]{"OutputPath", onlyJSONPath, func(m *Map) any { return &m.OutputPath }, outputPath},
		field[Map]{"Assign", both, func(m *Map) any { return &m.Assign }, assign},
		field[Map]{"Output", onlyJSONata, func(m *Map) any { return &m.Output }, output},
		field[Map]{"Catch", both, func(m *Map) any { return &m.Catch }, catch},
		field[Map]{"Next", both, func(m *Map) any { return &m.Next }, next},
		field[Map]{"End", both, func(m *Map) any { return &m.End }, end},
	)
}

func (*ProcessorConfig) fields() []field[ProcessorConfig] {
	return []field[ProcessorConfig]{
		{"Mode", both, func(p *ProcessorConfig) any { return &p.Mode }, oneOf(ModeInline, ModeDistributed)},
		{"ExecutionType", both, func(p *ProcessorConfig) any { return &p.ExecutionType }, oneOf("STANDARD", "EXPRESS")},
	}
}

func (*ItemReader) fields() []field[ItemReader] {
	return []field[ItemReader]{
		{"Resource", both, func(i *ItemReader) any { return &i.Resource }, readerResource},
		{"ReaderConfig", both, func(i *ItemReader) any { return &i.ReaderConfig }, readerConfig},
		{"Parameters", onlyJSONPath, func(i *ItemReader) any { return &i.Parameters }, template},
		{"Arguments", onlyJSONata, func(i *ItemReader) any { return &i.Arguments }, expression},
	}
}

func (*ReaderConfig) fields() []field[ReaderConfig] {
	return []field[ReaderConfig]{
		{"InputType", both, func(r *ReaderConfig) any { return &r.InputType }, oneOf("CSV", "JSON", "JSONL", "PARQUET", "MANIFEST")},
		{"Transformation", both, func(r *ReaderConfig) any { return &r.Transformation }, oneOf("NONE", "LOAD_AND_FLATTEN")},
		{"ManifestType", both, func(r *ReaderConfig) any { return &r.ManifestType }, oneOf("ATHENA_DATA", "S3_INVENTORY")},
		{"CSVDelimiter", both, func(r *ReaderConfig) any { return &r.CSVDelimiter }, oneOf("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")},
		{"CSVHeaderLocation", both, func(r *ReaderConfig) any { return &r.CSVHeaderLocation }, oneOf("FIRST_ROW", "GIVEN")},
		{"CSVHeaders", both, func(r *ReaderConfig) any { return &r.CSVHeaders }, csvHeaders},
		{"ItemsPointer", both, func(r *ReaderConfig) any { return &r.ItemsPointer }, itemsPointer},
		{"MaxItems", both, func(r *ReaderConfig) any { return &r.MaxItems }, maxItems},
		{"MaxItemsPath", onlyJSONPath, func(r *ReaderConfig) any { return &r.MaxItemsPath }, referencePath},
	}
}

func (*ItemBatcher) fields() []field[ItemBatcher] {
	return []field[ItemBatcher]{
		{"BatchInput", both, func(i *ItemBatcher) any { return &i.BatchInput }, payload},
		{"MaxItemsPerBatch", both, func(i *ItemBatcher) any { return &i.MaxItemsPerBatch }, positive},
		{"MaxItemsPerBatchPath", onlyJSONPath, func(i *ItemBatcher) any { return &i.MaxItemsPerBatchPath }, referencePath},
		{"MaxInputBytesPerBatch", both, func(i *ItemBatcher) any { return &i.MaxInputBytesPerBatch }, batchBytes},
		{"MaxInputBytesPerBatchPath", onlyJSONPath, func(i *ItemBatcher) any { return &i.MaxInputBytesPerBatchPath }, referencePath},
	}
}

func (*ResultWriter) fields() []field[ResultWriter] {
	return []field[ResultWriter]{
		{"Resource", both, func(r *ResultWriter) any { return &r.Resource }, writerResource},
		{"WriterConfig", both, func(r *ResultWriter) any { return &r.WriterConfig }, writerConfig},
		{"Parameters", onlyJSONPath, func(r *ResultWriter) any { return &r.Parameters }, template},
		{"Arguments", onlyJSONata, func(r *ResultWriter) any { return &r.Arguments }, expression},
	}
}

func (*WriterConfig) fields() []field[WriterConfig] {
	return []field[WriterConfig]{
		{"Transformation", both, func(w *WriterConfig) any { return &w.Transformation }, oneOf("NONE", "COMPACT", "FLATTEN")},
		{"OutputType", both, func(w *WriterConfig) any { return &w.OutputType }, oneOf("JSON", "JSONL")},
	}
}
