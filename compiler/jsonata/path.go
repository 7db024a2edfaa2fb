package jsonata

import (
	"math"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// A path is steps, each evaluated for every item of what the one before it gave.
type path struct {
	steps []*unit
	keep  bool // some step keeps single values as arrays
	group *grouping
	owner *unit
	binds bool // some step binds a variable or a parent
}

// prepare settles what the path is like once nothing changes it any more.
func (op *path) prepare(owner *unit) {
	op.owner = owner
	for _, step := range op.steps {
		op.binds = op.binds || step.tuple
	}
}

func (op *path) eval(ev *evaluation, in value.Value, sc *scope) (value.Value, *Error) {
	if op.binds {
		return op.evalTuples(ev, in, sc)
	}
	at, v := 0, in
	if first := op.steps[0]; first.kind == variableUnit && first.stages == nil {
		var err *Error
		if v, err = first.eval(ev, in, sc); err != nil {
			return v, err
		}
		at = 1
	}
	// As long as there is one object, and no list, names need nothing but looking
	// them up.
	for ; at < len(op.steps) && !isList(v) && op.steps[at].plainName(); at++ {
		ev.steps--
		v = v.Get(op.steps[at].name)
	}
	switch {
	case v.IsUndefined() && at > 0:
		return op.grouped(ev, v, sc)
	case at == len(op.steps):
		if !isList(v) && (op.keep || op.owner.keepArray) {
			v = value.List(v).WithMark(sequenceMark | keepMark)
		}
		return op.grouped(ev, op.flattened(v), sc)
	}
	var buf [1]value.Value
	return op.evalSteps(ev, spread(v, at > 0, &buf), at, sc)
}

// plainName reports whether a step does nothing but look up a name.
func (u *unit) plainName() bool {
	return u.kind == nameUnit && u.predicates == nil && u.stages == nil && u.group == nil
}

// spread returns the items that a step is evaluated for. A constructed list is
// one of them where it came from a step.
func spread(v value.Value, fromStep bool, buf *[1]value.Value) []value.Value {
	if isList(v) && !(fromStep && v.Mark()&consMark != 0) {
		return v.Items()
	}
	buf[0] = v
	return buf[:]
}

// flattened makes of the result of a last step what becomes of it as the only
// result: a sequence is one still, a list stays a list.
func (op *path) flattened(v value.Value) value.Value {
	if isSequence(v) {
		mark := sequenceMark
		if op.keep {
			mark |= keepMark
		}
		return normal(v.WithMark(mark), op.owner.keepArray)
	}
	return v
}

// grouped groups a result if there is a group.
func (op *path) grouped(ev *evaluation, v value.Value, sc *scope) (value.Value, *Error) {
	if op.group == nil {
		return v, nil
	}
	return op.group.eval(ev, v, sc)
}

// evalSteps evaluates the steps from at on, the general way.
func (op *path) evalSteps(ev *evaluation, items []value.Value, at int, sc *scope) (value.Value, *Error) {
	var buf [1]value.Value
	result := value.Value{}
	for i := at; i < len(op.steps); i++ {
		step := op.steps[i]
		var err *Error
		constructed := i == 0 && step.consArray
		if constructed {
			result, err = step.eval(ev, sequenceOf(items), sc)
		} else {
			result, err = step.evalStep(ev, items, sc, i == len(op.steps)-1)
		}
		if err != nil {
			return result, err
		}
		if result.IsUndefined() || isList(result) && result.Len() == 0 {
			break
		}
		if constructed && !isList(result) && i+1 < len(op.steps) && op.steps[i+1].kind != sortUnit {
			items = characters(result)
		} else {
			items = itemsOf(result, &buf)
		}
	}
	if op.keep && isList(result) {
		mark := result.Mark()
		if mark&consMark != 0 && mark&sequenceMark == 0 {
			result = value.List(result).WithMark(sequenceMark | keepMark)
		} else {
			result = result.WithMark(mark | keepMark)
		}
	}
	if op.group != nil {
		return op.group.eval(ev, result, sc)
	}
	return normal(result, op.owner.keepArray), nil
}

// characters is what a path goes on with where the array at its beginning turned
// out to be a single value: the units of a string, nothing of anything else. The
// loop of jsonata-js does that.
func characters(v value.Value) (items []value.Value) {
	s, _ := v.Str()
	for _, unit := range toUnits(s) {
		items = append(items, value.String(fromUnits([]uint16{unit})))
	}
	return items
}

// evalStep evaluates a step for each item and gathers the results.
func (u *unit) evalStep(ev *evaluation, items []value.Value, sc *scope, last bool) (value.Value, *Error) {
	if u.kind == sortUnit {
		return u.evalSort(ev, value.List(items...).WithMark(sequenceMark), sc)
	}
	if err := ev.spend(len(items)); err != nil {
		return value.Value{}, err
	}
	var b builder
	var only value.Value // the first result, until there is another
	count := 0
	for i := range items {
		v, err := u.evalItem(ev, items[i], sc)
		if err != nil {
			return v, err
		}
		if v.IsUndefined() {
			continue
		}
		if count++; count == 1 {
			only = v
			continue
		}
		if count == 2 {
			if !isList(only) {
				b.items = make([]value.Value, 0, min(len(items), 64))
			}
			if err := b.flatten(ev, only); err != nil {
				return v, err
			}
		}
		if err := b.flatten(ev, v); err != nil {
			return v, err
		}
	}
	if count == 1 {
		if last && isList(only) && !isSequence(only) {
			return only, nil
		}
		if err := b.flatten(ev, only); err != nil {
			return only, err
		}
	}
	if b.shared {
		return sequenceOf(b.items), nil
	}
	return sequenceOf(b.items), ev.make(len(b.items), itemSize)
}

// flatten adds a result of a step: a list item by item, unless it was
// constructed.
func (b *builder) flatten(ev *evaluation, v value.Value) *Error {
	if isList(v) && v.Mark()&consMark == 0 {
		return b.concat(ev, v.Items())
	}
	b.push(v)
	return nil
}

// evalItem evaluates a step and its stages for one item.
func (u *unit) evalItem(ev *evaluation, item value.Value, sc *scope) (v value.Value, err *Error) {
	if u.kind == nameUnit && u.predicates == nil && u.group == nil {
		if !isList(item) {
			v = item.Get(u.name)
		} else if v, err = ev.lookupAll(item.Items(), u.name, 0); err == nil {
			v = normal(v, u.keepArray)
		}
	} else {
		v, err = u.eval(ev, item, sc)
	}
	for i := 0; i < len(u.stages) && err == nil; i++ {
		v, err = ev.filter(u.stages[i].predicate, v, sc)
	}
	return v, err
}

// filter keeps the items for which a predicate is true, or that its numbers are
// the indices of.
func (ev *evaluation) filter(predicate *unit, v value.Value, sc *scope) (value.Value, *Error) {
	if s, ok := streamOf(v); ok {
		return ev.filterTuples(predicate, s, sc)
	}
	var buf [1]value.Value
	items := itemsOf(v, &buf)
	if f, ok := predicate.value.Float(); ok && predicate.kind == literalUnit {
		return itemAt(items, f), nil
	}
	if err := ev.spend(len(items)); err != nil {
		return value.Value{}, err
	}
	var b builder
	for i := range items {
		take, err := ev.selects(predicate, items[i], i, len(items), sc)
		if err != nil {
			return value.Value{}, err
		}
		for range take {
			if b.items == nil {
				b.items = make([]value.Value, 0, min(len(items)-i, 64))
			}
			b.push(items[i])
		}
	}
	return sequenceOf(b.items), ev.make(len(b.items), itemSize)
}

// itemAt returns what a constant index selects: a list as it is, any other item
// as a sequence.
func itemAt(items []value.Value, f float64) value.Value {
	i := math.Floor(f)
	if i < 0 {
		i += float64(len(items))
	}
	if i < 0 || i >= float64(len(items)) || items[int(i)].IsUndefined() {
		return sequenceOf(nil)
	}
	item := items[int(i)]
	if isList(item) {
		return item
	}
	return sequenceOf(items[int(i) : int(i)+1 : int(i)+1])
}

// selects returns how many times a predicate selects item i of n, which may be
// more than once when it is a list of indices.
func (ev *evaluation) selects(predicate *unit, item value.Value, i, n int, sc *scope) (int, *Error) {
	v, err := predicate.eval(ev, item, sc)
	if err != nil {
		return 0, err
	}
	if truth, ok := v.Bool(); ok {
		if truth {
			return 1, nil
		}
		return 0, nil
	}
	var buf [1]value.Value
	indices, ok, err := numbers(itemsOf(v, &buf))
	if err != nil {
		return 0, err
	}
	if ok {
		if err := ev.spend(len(indices)); err != nil {
			return 0, err
		}
		count := 0
		for _, index := range indices {
			f, _ := index.Float()
			f = math.Floor(f)
			if f < 0 {
				f += float64(n)
			}
			if f == float64(i) {
				count++
			}
		}
		return count, nil
	}
	truth, err := ev.truthy(v)
	if truth {
		return 1, err
	}
	return 0, err
}

// numbers returns the items if all of them are numbers.
func numbers(items []value.Value) ([]value.Value, bool, *Error) {
	all := true
	for i := range items {
		_, ok, err := number(items[i])
		if err != nil {
			return nil, false, err
		}
		all = all && ok
	}
	return items, all, nil
}

type nameOp struct{ name string }

func (op *nameOp) eval(ev *evaluation, in value.Value, _ *scope) (value.Value, *Error) {
	return ev.lookup(in, op.name)
}

type literalOp struct{ value value.Value }

func (op *literalOp) eval(*evaluation, value.Value, *scope) (value.Value, *Error) {
	return op.value, nil
}

type parentOp struct{ slot *slot }

func (op *parentOp) eval(_ *evaluation, _ value.Value, sc *scope) (value.Value, *Error) {
	v, _ := sc.find(op.slot.label)
	return v, nil
}
