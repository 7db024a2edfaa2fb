package spec

// A Map runs its body for each item of a list: a Map state.
type Map struct {
	Header
	Items          *Expr        `json:"items,omitempty"` // nil when a Reader gives them
	Item           *Source      `json:"item,omitempty"`  // of a batch: the list of its items
	Body           *Block       `json:"body"`
	Result         *Source      `json:"result,omitempty"`         // the list of the bodies' results, or the MapRun of a Writer; nil for None
	MaxConcurrency int          `json:"maxConcurrency,omitempty"` // 0 is unbounded
	ConcurrencyOf  *Expr        `json:"concurrencyOf,omitempty"`
	Retry          []Retrier    `json:"retry,omitempty"`
	Distributed    *Distributed `json:"distributed,omitempty"` // nil: within the execution
}

// Distributed says how a Map runs whose iterations are executions of their own.
type Distributed struct {
	Express       bool     `json:"express,omitempty"` // Express executions instead of Standard ones
	Label         string   `json:"label,omitempty"`
	Reader        *Reader  `json:"reader,omitempty"`     // nil: the items are in Map.Items
	Writer        *Writer  `json:"writer,omitempty"`     // nil: the results are the state's result
	BatchItems    int      `json:"batchItems,omitempty"` // both 0: no batches
	BatchBytes    int      `json:"batchBytes,omitempty"`
	FailureShare  *float64 `json:"failureShare,omitempty"` // tolerated, in percent
	FailureNumber *int     `json:"failureNumber,omitempty"`
}

// A Reader reads the items of a Map from Amazon S3.
type Reader struct {
	Format    Format   `json:"format"`
	Row       *Type    `json:"row,omitempty"`
	Bucket    *Expr    `json:"bucket"`
	Key       *Expr    `json:"key,omitempty"`       // of the file
	Prefix    *Expr    `json:"prefix,omitempty"`    // Objects: of their keys
	Delimiter string   `json:"delimiter,omitempty"` // CSV
	Headers   []string `json:"headers,omitempty"`   // CSV; nil: the first row
	Pointer   string   `json:"pointer,omitempty"`   // JSON: to the list within the file
	MaxItems  int      `json:"maxItems,omitempty"`  // 0: all
}

// A Format is what a Reader's file holds.
type Format string

// The formats.
const (
	CSV       Format = "csv"
	JSONList  Format = "json"
	JSONLines Format = "jsonl"
	Parquet   Format = "parquet"
	Inventory Format = "inventory" // the manifest of an S3 inventory
	Objects   Format = "objects"   // no file: the list of the objects themselves
)

// A Writer writes the results of a Map to Amazon S3.
type Writer struct {
	Bucket  *Expr `json:"bucket"`
	Prefix  *Expr `json:"prefix,omitempty"`
	Compact bool  `json:"compact,omitempty"` // the bare results instead of the records of the executions
	Flatten bool  `json:"flatten,omitempty"` // like Compact, with lists joined
	Lines   bool  `json:"lines,omitempty"`   // JSON lines instead of JSON
}

func (*Map) kind() string { return "map" }
