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
