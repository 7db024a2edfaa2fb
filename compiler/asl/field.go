package asl

import (
	"slices"
	"sync"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A field is one field of an object of the language: what it is called, where
// the model keeps it, who may use it and what may stand in it. Decoding,
// encoding and validation all go by these tables, which list the fields in the
// order in which they are encoded.
type field[T any] struct {
	name string
	in   dialect
	at   func(*T) any
	rule rule
}

// A dialect tells which query languages have a field.
type dialect uint8

const (
	both dialect = iota
	onlyJSONPath
	onlyJSONata
)

func (d dialect) has(q QueryLanguage) bool {
	switch d {
	case onlyJSONPath:
		return q == JSONPath
	case onlyJSONata:
		return q == JSONata
	}
	return true
}

// A rule checks the value of a field.
type rule func(c *checker, n *node, in *site)

// A record is an object of the language with its table of fields.
type record[T any] interface {
	*T
	fields() []field[T]
}

// tables has the table of every type of record, by the nil pointer to it. Records
// have each other in their tables, so these are not made before they are used.
var tables sync.Map

// tableOf returns the fields of a type of record.
func tableOf[T any, R record[T]]() []field[T] {
	table, made := tables.Load(R(nil))
	if !made {
		table, _ = tables.LoadOrStore(R(nil), R(nil).fields())
	}
	return table.([]field[T])
}

// decode fills a record from an object. What is unknown or of the wrong type is
// left out.
func decode[T any, R record[T]](n *node, into R) {
	table := tableOf[T, R]()
	for _, kid := range n.members() {
		for i := range table {
			if table[i].name == kid.key {
				set(table[i].at(into), kid)
				break
			}
		}
	}
}

// encode returns the fields of a record that are there.
func encode[T any, R record[T]](from R, members []value.Member) value.Value {
	members = slices.Grow(members, 8) // few have more
	for _, f := range tableOf[T, R]() {
		if v := get(f.at(from)); !v.IsUndefined() {
			members = append(members, value.Member{Key: f.name, Value: v})
		}
	}
	return value.Object(members...)
}

// set gives a place in the model the value of a node, if it has its type.
func set(place any, n *node) {
	switch p := place.(type) {
	case *value.Value:
		*p = n.value()
	case *string:
		*p = textOf(n)
	case *QueryLanguage:
		*p = QueryLanguage(textOf(n))
	case *bool:
		*p = n.kind == value.KindBool && n.truth
	case *[]string:
		for _, item := range n.list() {
			*p = append(*p, textOf(item))
		}
	case *[]State:
		*p = decodeStates(n)
	case *[]*Machine:
		*p = nil
		for _, item := range n.list() {
			m := new(Machine)
			decode(item, m)
			*p = append(*p, m)
		}
	case processor:
		p.m.ItemProcessor = new(Machine)
		p.m.Iterator = p.deprecated
		decode(n, p.m.ItemProcessor)
	case **ProcessorConfig:
		setRecord(p, n)
	case **ItemReader:
		setRecord(p, n)
	case **ReaderConfig:
		setRecord(p, n)
	case **ItemBatcher:
		setRecord(p, n)
	case **ResultWriter:
		setRecord(p, n)
	case **WriterConfig:
		setRecord(p, n)
	case **Rule:
		*p = new(Rule)
		**p = decodeRule(n)
	case *[]Rule:
		*p = make([]Rule, 0, len(n.list()))
		for _, item := range n.list() {
			*p = append(*p, decodeRule(item))
		}
	case *[]Retrier:
		setRecords(p, n)
	case *[]Catcher:
		setRecords(p, n)
	}
}

func setRecord[T any, R record[T]](p *R, n *node) {
	if n.kind == value.KindObject {
		*p = new(T)
		decode(n, *p)
	}
}

func setRecords[T any, R record[T]](p *[]T, n *node) {
	*p = make([]T, len(n.list()))
	for i, item := range n.list() {
		decode(item, R(&(*p)[i]))
	}
}

// textOf returns the text of a string, a placeholder or a function of
// CloudFormation, and "" for everything else.
func textOf(n *node) string {
	switch {
	case n.function():
		return functionText(n)
	case n.kind == value.KindString || n.kind == value.KindOpaque:
		return n.text
	}
	return ""
}

// get returns what a place in the model holds, undefined when it is empty.
func get(place any) value.Value {
	switch p := place.(type) {
	case *value.Value:
		return *p
	case *string:
		return textValue(*p)
	case *QueryLanguage:
		return textValue(string(*p))
	case *bool:
		if *p {
			return value.Bool(true)
		}
	case *[]string:
		return listOf(*p, textItem)
	case *[]State:
		return encodeStates(*p)
	case *[]*Machine:
		return listOf(*p, (*Machine).value)
	case processor:
		if p.m.ItemProcessor != nil && p.m.Iterator == p.deprecated {
			return p.m.ItemProcessor.value()
		}
	case **ProcessorConfig:
		return getRecord(*p)
	case **ItemReader:
		return getRecord(*p)
	case **ReaderConfig:
		return getRecord(*p)
	case **ItemBatcher:
		return getRecord(*p)
	case **ResultWriter:
		return getRecord(*p)
	case **WriterConfig:
		return getRecord(*p)
	case **Rule:
		if *p != nil {
			return encodeRule(**p)
		}
	case *[]Rule:
		return listOf(*p, encodeRule)
	case *[]Retrier:
		return listOf(*p, func(r Retrier) value.Value { return getRecord(&r) })
	case *[]Catcher:
		return listOf(*p, func(c Catcher) value.Value { return getRecord(&c) })
	}
	return value.Value{}
}

func getRecord[T any, R record[T]](p R) value.Value {
	if p == nil {
		return value.Value{}
	}
	return encode(p, nil)
}

// listOf returns a list; one that is nil is absent, one that is empty is not.
func listOf[T any](items []T, encode func(T) value.Value) value.Value {
	if items == nil {
		return value.Value{}
	}
	list := make([]value.Value, len(items))
	for i, item := range items {
		list[i] = encode(item)
	}
	return value.List(list...)
}

func textValue(s string) value.Value {
	if s == "" {
		return value.Value{}
	}
	return textItem(s)
}

func textItem(s string) value.Value {
	if call, ok := functionValue(s); ok {
		return call
	}
	return value.String(s)
}
