package compiler_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/dsl"
	"github.com/stepsmith-dev/stepsmith/runtime/task"
)

// The direct evaluation of a random program as plain Go. Values are int, string,
// bool, []any, map[string]any and nil.

// failed is an error on its way. One of a Fail state is for the scopes around:
// a Try catches what states fail with, and a Fail state is no such state.
type failed struct {
	name, cause string
	fatal       bool
}

type left struct { // a Break
	loop  int
	value any
}

type ended struct{ value any } // a Succeed

type evaluator struct {
	values map[int]any
	ids    int
}

// evaluate runs a program and returns its result or its error.
func evaluateProgram(body *block, in any) (result any, err *failed) {
	v := &evaluator{values: map[int]any{0: in}}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failed:
			err = &r
		case ended:
			result = r.value
		default:
			panic(r)
		}
	}()
	return v.block(body), nil
}

func (v *evaluator) block(b *block) any {
	for _, s := range b.stmts {
		v.stmt(s)
	}
	if b.ended() {
		panic("a block that ended goes on")
	}
	return v.ex(b.result)
}

// scope runs a branch or iteration: it may end early, and a Fail state in it is
// an error of the state that holds it.
func (v *evaluator) scope(b *block) (result any) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case ended:
			result = r.value
		case failed:
			r.fatal = false
			panic(r)
		default:
			panic(r)
		}
	}()
	return v.block(b)
}

func (v *evaluator) stmt(s *stmt) {
	switch s.op {
	case "call":
		out, err := runTask(s.task, v.ex(s.ex))
		if err != nil {
			panic(failed{name: err.Name, cause: err.Cause})
		}
		v.values[s.slot] = out
	case "id":
		v.ids++
		v.values[s.slot] = v.ids
	case "let", "var", "set":
		v.values[s.slot] = v.ex(s.ex)
	case "wait":
	case "if", "switch":
		for i, b := range s.blocks {
			if i == len(s.conds) || v.ex(s.conds[i]).(bool) {
				if result := v.block(b); s.op == "switch" {
					v.values[s.slot] = result
				}
				break
			}
		}
	case "repeat":
		v.values[s.extra] = 0
		v.values[s.slot] = v.repeat(s)
	case "try":
		v.values[s.slot] = v.try(s)
	case "map":
		v.values[s.slot] = v.mapping(s)
	case "parallel":
		results := []any{}
		for _, b := range s.blocks {
			results = append(results, v.scope(b))
		}
		v.values[s.slot] = results
	case "finally":
		v.values[s.slot] = v.finally(s)
	case "fail":
		panic(failed{name: s.errors[0], cause: v.ex(s.ex).(string), fatal: true})
	case "succeed":
		panic(ended{v.ex(s.ex)})
	case "break":
		panic(left{s.loop, v.ex(s.ex)})
	default:
		panic(s.op)
	}
}

func (v *evaluator) mapping(s *stmt) any {
	if s.apart { // the executions' own errors stay in their records
		defer func() {
			switch r := recover().(type) {
			case nil:
			case failed:
				panic(failed{name: string(dsl.ExceedToleratedFailures), cause: "The specified tolerated failure threshold was exceeded"})
			default:
				panic(r)
			}
		}()
	}
	results := []any{}
	for _, x := range v.ex(s.ex).([]any) {
		v.values[s.extra] = x
		results = append(results, v.scope(s.blocks[0]))
	}
	return results
}

func (v *evaluator) repeat(s *stmt) (result any) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case left:
			if r.loop != s.loop {
				panic(r)
			}
			result = r.value
		default:
			panic(r)
		}
	}()
	for {
		v.block(s.blocks[0])
		v.values[s.extra] = v.values[s.extra].(int) + 1
		if v.values[s.extra].(int) > s.limit {
			return v.ex(s.ex)
		}
	}
}

func (v *evaluator) try(s *stmt) (result any) {
	caught := func() (err *failed) {
		defer func() {
			r := recover()
			if f, ok := r.(failed); ok && !f.fatal && (s.errors == nil || slices.Contains(s.errors, f.name)) {
				err = &f
			} else if r != nil {
				panic(r)
			}
		}()
		result = v.block(s.blocks[0])
		return nil
	}()
	if caught == nil {
		return result
	}
	v.values[s.extra] = caught.name + ": " + caught.cause
	return v.block(s.blocks[1])
}

func (v *evaluator) finally(s *stmt) (result any) {
	again := func() (err *failed) {
		defer func() {
			r := recover()
			if f, ok := r.(failed); ok && !f.fatal {
				err = &f
			} else if r != nil {
				panic(r)
			}
		}()
		result = v.block(s.blocks[0])
		return nil
	}()
	v.block(s.blocks[1])
	if again != nil {
		again.fatal = true
		panic(*again)
	}
	return result
}

func (v *evaluator) ex(x *ex) any {
	arg := func(i int) any { return v.ex(x.args[i]) }
	num := func(i int) int { return arg(i).(int) }
	str := func(i int) string { return arg(i).(string) }
	truth := func(i int) bool { return arg(i).(bool) }
	list := func(i int) []any { return arg(i).([]any) }
	member := func(key string) any { return arg(0).(map[string]any)[key] }
	switch x.op {
	case "lit":
		return x.lit
	case "ref", "get":
		return v.values[x.slot]
	case "cond":
		if truth(0) {
			return arg(1)
		}
		return arg(2)
	case "add":
		return num(0) + num(1)
	case "sub":
		return num(0) - num(1)
	case "mulmod":
		return num(0) * num(1) % 97
	case "len":
		return len(list(0))
	case "sum":
		sum := 0
		for _, n := range list(0) {
			sum += n.(int)
		}
		return sum
	case "n", "s", "tags", "o":
		return member(x.op)
	case "or":
		if n := arg(0); n != nil {
			return n
		}
		return arg(1)
	case "must":
		return arg(0)
	case "at":
		if l := list(0); len(l) > x.lit.(int) {
			return l[x.lit.(int)]
		}
		return arg(1)
	case "atindex":
		if l, i := list(0), num(2); i >= 0 && i < len(l) {
			return l[i]
		}
		return arg(1)
	case "format":
		text := x.lit.(string)
		for i := range x.args {
			text = strings.Replace(text, "{}", "\x00"+strconv.Itoa(i)+"\x00", 1)
		}
		for i := range x.args {
			text = strings.Replace(text, "\x00"+strconv.Itoa(i)+"\x00", textOf(arg(i)), 1)
		}
		return text
	case "upper":
		return strings.ToUpper(str(0))
	case "join":
		var parts []string
		for _, s := range list(0) {
			parts = append(parts, s.(string))
		}
		return strings.Join(parts, ",")
	case "eq":
		return num(0) == num(1)
	case "ne":
		return num(0) != num(1)
	case "gt":
		return num(0) > num(1)
	case "ge":
		return num(0) >= num(1)
	case "lt":
		return num(0) < num(1)
	case "le":
		return num(0) <= num(1)
	case "same":
		return v.values[x.slot] == v.values[x.lit.(int)]
	case "eqs":
		return str(0) == str(1)
	case "and":
		return truth(0) && truth(1)
	case "oror":
		return truth(0) || truth(1)
	case "not":
		return !truth(0)
	case "present":
		return arg(0) != nil
	case "has":
		return slices.Contains(list(0), arg(1))
	case "contains":
		return strings.Contains(str(0), str(1))
	case "in":
		return slices.Contains(x.lit.([]string), str(0))
	case "some":
		return num(0)
	case "null", "absent":
		return nil
	case "max", "min":
		var best any
		for _, n := range list(0) {
			if best == nil || (n.(int) > best.(int)) == (x.op == "max") {
				best = n
			}
		}
		return best
	case "lookup":
		return arg(0).(dict).members[str(1)]
	case "list":
		items := []any{}
		for i := range x.args {
			items = append(items, arg(i))
		}
		return items
	case "append":
		return append(slices.Clone(list(0)), arg(1))
	case "concat":
		return append(slices.Clone(list(0)), list(1)...)
	case "select", "filter":
		items := []any{}
		for _, item := range list(0) {
			v.values[x.slot] = item
			if x.op == "select" {
				items = append(items, arg(1))
			} else if truth(1) {
				items = append(items, item)
			}
		}
		return items
	case "split":
		items := []any{}
		for _, s := range strings.Split(str(0), ",") {
			items = append(items, s)
		}
		return items
	case "keys":
		items := []any{}
		for _, k := range arg(0).(dict).keys {
			items = append(items, k)
		}
		return items
	case "item":
		return map[string]any{"n": arg(0), "s": arg(1), "tags": arg(2), "o": arg(3)}
	case "dict":
		d := dict{members: make(map[string]any)}
		for i := range x.args {
			d = d.put("a", arg(i))
		}
		return d
	case "put":
		return arg(0).(dict).put(str(1), arg(2))
	}
	panic(x.op)
}

// A dict is an object with its keys in order.
type dict struct {
	keys    []string
	members map[string]any
}

func (d dict) put(key string, x any) dict {
	c := dict{slices.Clone(d.keys), maps.Clone(d.members)}
	if _, ok := c.members[key]; !ok {
		c.keys = append(c.keys, key)
	}
	c.members[key] = x
	return c
}

// MarshalJSON writes the members in any order.
func (d dict) MarshalJSON() ([]byte, error) { return json.Marshal(d.members) }

func textOf(x any) string {
	switch x := x.(type) {
	case int:
		return strconv.Itoa(x)
	case bool:
		return strconv.FormatBool(x)
	default:
		return x.(string)
	}
}

// odd is how all tasks fail.
var odd = &task.Error{Name: "Odd", Cause: "odd"}

// runTask is what the tasks do. Some numbers make them fail.
func runTask(name string, in any) (any, *task.Error) {
	n := 0
	switch in := in.(type) {
	case int:
		n = in
	case []any:
		n = len(in)
	case map[string]any:
		n = in["n"].(int)
	}
	if n%7 == 3 {
		return nil, odd
	}
	size := ((n % 3) + 3) % 3
	switch name {
	case "inc":
		return n + 1, nil
	case "item":
		out := map[string]any{"n": n, "s": "s" + strconv.Itoa(n), "tags": []any{"x", "y"}[:size]}
		if n%2 == 0 {
			out["o"] = n
		} else if n%4 == 1 {
			out["o"] = nil
		}
		return out, nil
	case "list":
		return []any{n, n + 1}[:size], nil
	case "opt":
		if n%2 == 0 {
			return nil, nil
		}
		return n, nil
	case "echo":
		return in, nil
	default:
		sum := 0
		for _, x := range in.([]any) {
			sum += x.(int)
		}
		return sum, nil
	}
}
