package lower

import (
	"encoding/json"

	"github.com/stepsmith-dev/stepsmith/compiler/asl"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// distribute builds the body of a distributed Map. Each iteration is an
// execution, which sees its input only: the item where that is all it needs, else
// an object of the item and of what is captured from around; with batches the
// object that AWS makes of a batch.
func (b *builder) distribute(n *node, s *spec.Map) *scope {
	input := &spec.Source{Kind: spec.FromInput, Name: "input", Pos: s.Pos}
	whole := &spec.Expr{Op: spec.OpRef, Source: input, Pos: s.Pos}
	item := &spec.Expr{Op: spec.OpContext, Names: []string{"Map", "Item", "Value"}, Pos: s.Pos}
	row := converted(s.Distributed.Reader, item)
	captures := b.captures(s)
	object := &spec.Expr{Op: spec.OpStruct, Pos: s.Pos}
	captured := make(map[int]*spec.Expr)
	holder := whole
	itemKey := b.fold.keys.key(&spec.Expr{Op: spec.OpRef, Type: s.Item.Type, Source: s.Item})
	switch batched := s.Distributed.BatchItems+s.Distributed.BatchBytes > 0; {
	case batched:
		captured[itemKey] = field(whole, "Items", s.Item.Type)
		holder = field(whole, "BatchInput", nil)
		if row != item {
			n.selector = row
		}
		if len(captures) > 0 {
			n.batchInput = object
		}
	case len(captures) > 0:
		if row == item {
			row = &spec.Expr{Op: spec.OpContext, Type: s.Item.Type, Names: item.Names, Pos: s.Pos}
		}
		object.Names, object.Args = []string{itemMember}, []*spec.Expr{row}
		captured[itemKey] = field(whole, itemMember, s.Item.Type)
		n.selector = object
	default:
		captured[itemKey] = &spec.Expr{Op: spec.OpRef, Type: s.Item.Type, Source: input, Pos: s.Pos}
		if row != item {
			n.selector = row
		}
	}
	for _, c := range captures {
		object.Names = append(object.Names, c.name)
		object.Args = append(object.Args, b.fold.fold(c.of))
		for _, key := range c.keys {
			captured[key] = field(holder, c.name, c.of.Type)
		}
	}
	defer b.fold.withCaptured(captured)()
	inner := b.scope(n, s.Body, input)
	inner.remote = true
	return inner
}

func field(of *spec.Expr, name string, t *spec.Type) *spec.Expr {
	return &spec.Expr{Op: spec.OpField, Type: t, Names: []string{name}, Args: []*spec.Expr{of}, Pos: of.Pos}
}

// converted gives the columns of a row, which are texts, the types of its fields;
// item itself where there is nothing to convert.
func converted(r *spec.Reader, item *spec.Expr) *spec.Expr {
	if r == nil || r.Format != spec.CSV && r.Format != spec.Inventory || r.Row.Kind != spec.Struct {
		return item
	}
	row := &spec.Expr{Op: spec.OpStruct, Type: r.Row, Pos: item.Pos}
	plain := true
	for _, f := range r.Row.Fields {
		column := &spec.Expr{Op: spec.OpField, Names: []string{f.JSON}, Args: []*spec.Expr{item}, Pos: item.Pos}
		cell, changed := convert(column, f.Type)
		plain = plain && !changed
		row.Names, row.Args = append(row.Names, f.JSON), append(row.Args, cell)
	}
	if plain {
		return item
	}
	return row
}

// convert reads a column of a CSV file as a type. An Optional of an empty or
// missing text is null.
func convert(column *spec.Expr, t *spec.Type) (x *spec.Expr, changed bool) {
	text := func(s string) *spec.Expr {
		return &spec.Expr{Op: spec.OpLiteral, Value: json.RawMessage(s), Pos: column.Pos}
	}
	switch t.Kind {
	case spec.Int, spec.Float:
		return &spec.Expr{Op: opNumber, Type: t, Args: []*spec.Expr{column}, Pos: column.Pos}, true
	case spec.Bool:
		return &spec.Expr{Op: spec.OpEq, Type: t, Args: []*spec.Expr{column, text(`"true"`)}, Pos: column.Pos}, true
	case spec.Optional:
		inner, _ := convert(column, t.Elem)
		filled := &spec.Expr{Op: spec.OpNe, Args: []*spec.Expr{column, text(`""`)}, Pos: column.Pos}
		null := &spec.Expr{Op: spec.OpNull, Pos: column.Pos}
		return &spec.Expr{Op: spec.OpCond, Args: []*spec.Expr{filled, inner, null}, Pos: column.Pos}, true
	}
	return column, false
}

// distributed writes the fields that only a distributed Map has.
func (w writer) distributed(n *node, d *spec.Distributed, m *asl.Map) {
	m.Label = d.Label
	m.ItemSelector = w.scalar(n.selector)
	if d.Reader != nil {
		m.ItemReader = w.reader(d.Reader)
	}
	if d.BatchItems > 0 || d.BatchBytes > 0 {
		m.ItemBatcher = &asl.ItemBatcher{
			BatchInput: w.scalar(n.batchInput), MaxItemsPerBatch: positive(d.BatchItems), MaxInputBytesPerBatch: positive(d.BatchBytes),
		}
	}
	if d.Writer != nil {
		m.ResultWriter = w.resultWriter(d.Writer)
	}
	if d.FailureShare != nil {
		m.ToleratedFailurePercentage = value.Float(*d.FailureShare)
	}
	if d.FailureNumber != nil {
		m.ToleratedFailureCount = value.Int(int64(*d.FailureNumber))
	}
}

func positive(n int) value.Value {
	if n <= 0 {
		return value.Value{}
	}
	return value.Int(int64(n))
}

var inputTypes = map[spec.Format]string{
	spec.CSV: "CSV", spec.JSONList: "JSON", spec.JSONLines: "JSONL", spec.Parquet: "PARQUET", spec.Inventory: "MANIFEST",
}

func (w writer) reader(r *spec.Reader) *asl.ItemReader {
	arguments := []value.Member{{Key: "Bucket", Value: w.value(r.Bucket)}}
	if r.Format == spec.Objects {
		arguments = append(arguments, value.Member{Key: "Prefix", Value: w.value(r.Prefix)})
		out := &asl.ItemReader{Resource: "arn:aws:states:::s3:listObjectsV2", Arguments: value.Object(arguments...)}
		if r.MaxItems > 0 {
			out.ReaderConfig = &asl.ReaderConfig{MaxItems: positive(r.MaxItems)}
		}
		return out
	}
	arguments = append(arguments, value.Member{Key: "Key", Value: w.value(r.Key)})
	config := &asl.ReaderConfig{InputType: inputTypes[r.Format], ItemsPointer: r.Pointer, MaxItems: positive(r.MaxItems)}
	if r.Format == spec.CSV {
		config.CSVDelimiter, config.CSVHeaderLocation, config.CSVHeaders = r.Delimiter, "FIRST_ROW", r.Headers
		if r.Headers != nil {
			config.CSVHeaderLocation = "GIVEN"
		}
	}
	return &asl.ItemReader{Resource: "arn:aws:states:::s3:getObject", Arguments: value.Object(arguments...), ReaderConfig: config}
}

func (w writer) resultWriter(r *spec.Writer) *asl.ResultWriter {
	out := &asl.ResultWriter{
		Resource:  "arn:aws:states:::s3:putObject",
		Arguments: value.Object(value.Member{Key: "Bucket", Value: w.value(r.Bucket)}, value.Member{Key: "Prefix", Value: w.value(r.Prefix)}),
	}
	if r.Compact || r.Flatten || r.Lines {
		out.WriterConfig = &asl.WriterConfig{Transformation: "NONE", OutputType: "JSON"}
		switch {
		case r.Flatten:
			out.WriterConfig.Transformation = "FLATTEN"
		case r.Compact:
			out.WriterConfig.Transformation = "COMPACT"
		}
		if r.Lines {
			out.WriterConfig.OutputType = "JSONL"
		}
	}
	return out
}
