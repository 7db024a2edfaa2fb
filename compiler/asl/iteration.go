package asl

import (
	"strings"
	"unicode/utf8"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

const (
	maxLabel        = 40
	inlineLimit     = 40
	maxItemsPointer = 2000
)

// branches checks the branches of a Parallel state.
func branches(c *checker, n *node, in *site) {
	if n.kind != value.KindList {
		if !n.open() {
			c.say(n, wrongType, n.key, "a list of branches")
		}
		return
	}
	if len(n.kids) == 0 {
		c.say(n, empty)
	}
	for _, b := range n.kids {
		f := &flow{node: b, outer: in.step, depth: in.flow.depth + 1, express: in.express}
		in.step.flows = append(in.step.flows, c.machine(b, f))
	}
}

// itemProcessor checks the processor of a Map state.
func itemProcessor(c *checker, n *node, in *site) {
	f := &flow{node: n, outer: in.step, depth: in.flow.depth + 1, express: in.express}
	config := n.get("ProcessorConfig")
	mode, _ := config.get("Mode").str()
	f.distributed = mode == ModeDistributed
	if execution, _ := config.get("ExecutionType").str(); f.distributed {
		f.express = execution == "EXPRESS"
	}
	in.step.flows = append(in.step.flows, c.machine(n, f))
	if n.key == "Iterator" {
		c.sayKey(n, deprecated, "Iterator", "ItemProcessor")
	}
}

// processorConfig checks how a processor runs.
func processorConfig(c *checker, n *node, in *site) {
	if !c.record(n) {
		return
	}
	check[ProcessorConfig](c, n, in)
	execution := n.get("ExecutionType")
	mode := n.get("Mode")
	switch {
	case mode != nil && mode.open():
	case in.flow.distributed && execution == nil:
		c.required(n, "ExecutionType")
	case !in.flow.distributed && execution != nil:
		c.say(execution, notAlone, "ExecutionType", "in INLINE mode")
		c.fix("set \"Mode\": \"DISTRIBUTED\", or delete it")
	}
}

// record wants an object that is not a placeholder for one.
func (c *checker) record(n *node) bool {
	if n.object() {
		return true
	}
	if !n.open() {
		c.say(n, wrongType, n.key, "an object")
	}
	return false
}

// iteration checks what the fields of a Map state do not show one by one.
func (c *checker) iteration(s *step) {
	n := s.node
	if c.exclusive(n, "ItemProcessor", "Iterator") == 0 {
		c.required(n, "ItemProcessor")
	}
	c.exclusive(n, "ItemSelector", "Parameters")
	for _, name := range []string{"MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"} {
		c.exclusive(n, name, name+"Path")
	}
	if n.has("Parameters") && s.language == JSONPath {
		c.say(n.get("Parameters"), deprecated, "Parameters", "ItemSelector")
		c.last.Pos = c.doc.key(n.get("Parameters"))
	}
	if len(s.flows) == 0 || s.flows[0].node.open() {
		return
	}
	config := s.flows[0].node.get("ProcessorConfig")
	if config != nil && (config.open() || config.get("Mode") != nil && config.get("Mode").open()) {
		return
	}
	if s.flows[0].distributed {
		if c.express {
			c.say(config.get("Mode"), expressMap)
		}
		return
	}
	for _, kid := range n.members() {
		switch kid.key {
		case "ItemReader", "ItemBatcher", "ResultWriter", "Label":
			c.sayKey(kid, notInline, kid.key)
		case "ToleratedFailureCount", "ToleratedFailureCountPath", "ToleratedFailurePercentage", "ToleratedFailurePercentagePath":
			c.say(kid, noEffect, kid.key) // AWS takes them
			c.last.Pos = c.doc.key(kid)
		}
	}
	if limit, ok := n.get("MaxConcurrency").value().Int(); ok && limit > inlineLimit {
		c.say(n.get("MaxConcurrency"), limitedInline, limit)
	}
}

// label checks the label of a distributed Map state.
func label(c *checker, n *node, in *site) {
	s, ok := n.str()
	switch {
	case n.open():
		return
	case !ok:
		text(c, n, in)
		return
	case s == "":
		c.say(n, invalidLabel, s, "is empty")
	case utf8.RuneCountInString(s) > maxLabel:
		c.say(n, invalidLabel, s, "is longer than 40 characters")
	case strings.IndexFunc(s, forbidden) >= 0:
		c.say(n, invalidLabel, s, "has a forbidden character")
	}
	if other := c.labels[s]; other != nil {
		c.say(n, duplicateLabel, s)
		c.see(other, "the other one")
		return
	}
	c.labels[s] = n
}

// forbidden reports whether a character may not be in the name of a state
// machine or in a label.
func forbidden(r rune) bool {
	switch {
	case r <= ' ' || 0x7F <= r && r <= 0x9F || r == 0xFFFE || r == 0xFFFF || r == 0x10FFFF || r == utf8.RuneError:
		return true
	case r == 0xA0 || r == 0x1680 || 0x2000 <= r && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0x202F || r == 0x205F || r == 0x3000:
		return true
	}
	return strings.ContainsRune("<>{}[]?*\"#%\\^|~`$&,;:/", r)
}

// itemReader checks where a distributed Map state gets its items.
func itemReader(c *checker, n *node, in *site) {
	if !c.record(n) {
		return
	}
	check[ItemReader](c, n, in)
	c.required(n, "Resource")
}

// readerConfig checks how items are read.
func readerConfig(c *checker, n *node, in *site) {
	if !c.record(n) {
		return
	}
	check[ReaderConfig](c, n, in)
	c.exclusive(n, "MaxItems", "MaxItemsPath")
	input, _ := n.get("InputType").str()
	location, _ := n.get("CSVHeaderLocation").str()
	headers := n.get("CSVHeaders")
	if input == "CSV" && !n.has("ManifestType") {
		c.required(n, "CSVHeaderLocation")
	}
	switch {
	case location == "GIVEN" && headers == nil:
		c.required(n, "CSVHeaders")
	case location == "FIRST_ROW" && headers != nil:
		c.say(headers, notAlone, "CSVHeaders", "when CSVHeaderLocation is FIRST_ROW")
	}
	if input == "" || substituted(input) || input == "CSV" || input == "MANIFEST" {
		return
	}
	for _, name := range []string{"CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"} {
		if n.has(name) {
			c.say(n.get(name), notAlone, name, "when InputType is "+input)
		}
	}
	if n.has("ItemsPointer") && input != "JSON" {
		c.say(n.get("ItemsPointer"), notAlone, "ItemsPointer", "when InputType is "+input)
	}
}

func csvHeaders(c *checker, n *node, _ *site) {
	if n.open() {
		return
	}
	if n.kind != value.KindList {
		c.say(n, wrongType, n.key, "a list of strings")
		return
	}
	for _, item := range n.kids {
		if item.kind != value.KindString && !item.open() {
			c.say(item, wrongType, n.key, "a list of strings")
		}
	}
}

func itemsPointer(c *checker, n *node, in *site) {
	s, ok := n.str()
	if !ok || n.open() {
		text(c, n, in)
		return
	}
	if s != "" && s[0] != '/' || len(s) >= maxItemsPointer {
		c.say(n, wrongType, n.key, "a JSON pointer such as /orders, of less than 2000 characters")
	}
}

// itemBatcher checks how items are put together.
func itemBatcher(c *checker, n *node, in *site) {
	if !c.record(n) {
		return
	}
	check[ItemBatcher](c, n, in)
	a := c.exclusive(n, "MaxItemsPerBatch", "MaxItemsPerBatchPath")
	b := c.exclusive(n, "MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath")
	if a+b == 0 {
		c.say(n, needOne, "MaxItemsPerBatch, MaxInputBytesPerBatch")
	}
}

// resultWriter checks where the results of a distributed Map state go.
func resultWriter(c *checker, n *node, in *site) {
	if !c.record(n) {
		return
	}
	check[ResultWriter](c, n, in)
	arguments := "Arguments"
	if in.language == JSONPath {
		arguments = "Parameters"
	}
	switch {
	case !n.has("Resource") && !n.has("WriterConfig"):
		c.say(n, needOne, "Resource, WriterConfig")
	case n.has("Resource"):
		c.required(n, arguments)
	case n.has(arguments):
		c.required(n, "Resource")
	}
}

func writerConfig(c *checker, n *node, in *site) {
	if c.record(n) {
		check[WriterConfig](c, n, in)
	}
}

// readerResource and writerResource know the few resources that read and write
// items.
func readerResource(c *checker, n *node, in *site) { c.s3Resource(n, "getObject", "listObjectsV2") }
func writerResource(c *checker, n *node, in *site) { c.s3Resource(n, "putObject") }

func (c *checker) s3Resource(n *node, actions ...string) {
	if n.open() {
		return
	}
	s, _ := n.str()
	_, action, _ := strings.Cut(s, ":states:::s3:")
	for _, known := range actions {
		if action == known {
			return
		}
	}
	c.say(n, unknownResource, s)
}
