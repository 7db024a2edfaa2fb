package compiler_test

import (
	"fmt"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

// item is the struct of the random programs.
type item struct {
	N    dsl.Int               `json:"n"`
	S    dsl.String            `json:"s"`
	Tags dsl.List[dsl.String]  `json:"tags"`
	O    dsl.Optional[dsl.Int] `json:"o"`
}

var (
	incTask   = dsl.Lambda[dsl.Int, dsl.Int]("inc")
	itemTask  = dsl.Lambda[dsl.Int, item]("item")
	listTask  = dsl.Lambda[dsl.Int, dsl.List[dsl.Int]]("list")
	optTask   = dsl.Lambda[dsl.Int, dsl.Optional[dsl.Int]]("opt")
	echoTask  = dsl.Lambda[item, item]("echo")
	totalTask = dsl.Lambda[dsl.List[dsl.Int], dsl.Int]("total")
)

// ops is package dsl for one kind, without types.
type ops struct {
	zero     any
	workflow func(body func(f *dsl.Flow, in any) any) dsl.Tracer
	list     func(items ...any) any
	append   func(list, x any) any
	concat   func(a, b any) any
	at       func(list any, i int) any
	atIndex  func(list any, i dsl.Int) any
	len      func(list any) dsl.Int
	cond     func(c dsl.Bool, a, b any) any
	filter   func(list any, keep func(any) dsl.Bool) any
	variable func(f *dsl.Flow, name string, x any) (get func() any, set func(*dsl.Flow, any))
	choice   func(f *dsl.Flow, name string, conds []dsl.Bool, arms []func(*dsl.Flow) any) any
	repeat   func(f *dsl.Flow, body func(f *dsl.Flow, leave func(*dsl.Flow, any))) any
	try      func(f *dsl.Flow, body func(*dsl.Flow) any, handler func(*dsl.Flow, dsl.Error) any, errors ...dsl.ErrorMatch) any
	parallel func(f *dsl.Flow, name string, branches []func(*dsl.Flow) any) any
	finally  func(f *dsl.Flow, name string, body func(*dsl.Flow) any, cleanup func(*dsl.Flow)) any
	succeed  func(f *dsl.Flow, name string, x any)
	mapFrom  map[kind]func(f *dsl.Flow, name string, list any, body func(*dsl.Flow, any) any, options ...dsl.Option) any
	selected map[kind]func(list any, body func(any) any) any
}

var opsOf = map[kind]ops{
	kInt: newOps[dsl.Int](), kStr: newOps[dsl.String](), kBool: newOps[dsl.Bool](), kOpt: newOps[dsl.Optional[dsl.Int]](),
	kInts: newOps[dsl.List[dsl.Int]](), kStrs: newOps[dsl.List[dsl.String]](), kItem: newOps[item](), kItems: newOps[dsl.List[item]](),
	kNest: newOps[dsl.List[dsl.List[dsl.Int]]](), kOpts: newOps[dsl.List[dsl.Optional[dsl.Int]]](), kDict: newOps[dsl.Dict[dsl.Int]](),
}

func newOps[T any]() ops {
	var zero T
	arm := func(body func(*dsl.Flow) any) func(*dsl.Flow) T {
		return func(f *dsl.Flow) T { return body(f).(T) }
	}
	return ops{
		zero: zero,
		workflow: func(body func(f *dsl.Flow, in any) any) dsl.Tracer {
			return dsl.Standard("random", func(f *dsl.Flow, in item) T { return body(f, in).(T) })
		},
		list: func(items ...any) any {
			var typed []T
			for _, x := range items {
				typed = append(typed, x.(T))
			}
			return dsl.ListOf(typed...)
		},
		append:  func(list, x any) any { return dsl.Append(list.(dsl.List[T]), x.(T)) },
		concat:  func(a, b any) any { return dsl.Concat(a.(dsl.List[T]), b.(dsl.List[T])) },
		at:      func(list any, i int) any { return dsl.At(list.(dsl.List[T]), i) },
		atIndex: func(list any, i dsl.Int) any { return dsl.At(list.(dsl.List[T]), i) },
		len:     func(list any) dsl.Int { return dsl.Len(list.(dsl.List[T])) },
		cond:    func(c dsl.Bool, a, b any) any { return dsl.Cond(c, a.(T), b.(T)) },
		filter: func(list any, keep func(any) dsl.Bool) any {
			return dsl.Filter(list.(dsl.List[T]), func(x T) dsl.Bool { return keep(x) })
		},
		variable: func(f *dsl.Flow, name string, x any) (func() any, func(*dsl.Flow, any)) {
			v := dsl.Var(f, name, x.(T))
			return func() any { return v.Get() }, func(f *dsl.Flow, x any) { v.Set(f, x.(T)) }
		},
		choice: func(f *dsl.Flow, name string, conds []dsl.Bool, arms []func(*dsl.Flow) any) any {
			s := dsl.Switch[T](f, name)
			for i, c := range conds {
				s.Case(c, arm(arms[i]))
			}
			return s.Default(arm(arms[len(conds)]))
		},
		repeat: func(f *dsl.Flow, body func(*dsl.Flow, func(*dsl.Flow, any))) any {
			return dsl.Repeat(f, func(f *dsl.Flow, l *dsl.Loop[T]) {
				body(f, func(f *dsl.Flow, x any) { l.Break(f, x.(T)) })
			})
		},
		try: func(f *dsl.Flow, body func(*dsl.Flow) any, handler func(*dsl.Flow, dsl.Error) any, errors ...dsl.ErrorMatch) any {
			return dsl.Try(f, arm(body), dsl.Catch(func(f *dsl.Flow, err dsl.Error) T { return handler(f, err).(T) }, errors...))
		},
		parallel: func(f *dsl.Flow, name string, branches []func(*dsl.Flow) any) any {
			return dsl.Parallel(f, name, func(p *dsl.Fork) dsl.List[T] {
				var results []T
				for _, b := range branches {
					results = append(results, dsl.Branch(p, arm(b)))
				}
				return dsl.ListOf(results...)
			})
		},
		finally: func(f *dsl.Flow, name string, body func(*dsl.Flow) any, cleanup func(*dsl.Flow)) any {
			return dsl.Finally(f, name, arm(body), cleanup)
		},
		succeed: func(f *dsl.Flow, name string, x any) { dsl.Succeed(f, name, x.(T)) },
		mapFrom: map[kind]func(*dsl.Flow, string, any, func(*dsl.Flow, any) any, ...dsl.Option) any{
			kInt: mapping[dsl.Int, T], kItem: mapping[item, T], kStr: mapping[dsl.String, T],
		},
		selected: map[kind]func(any, func(any) any) any{
			kInt: selecting[dsl.Int, T], kItem: selecting[item, T], kInts: selecting[dsl.List[dsl.Int], T],
		},
	}
}

func mapping[A, B any](f *dsl.Flow, name string, list any, body func(*dsl.Flow, any) any, options ...dsl.Option) any {
	return dsl.Map(f, name, list.(dsl.List[A]), func(f *dsl.Flow, x A) B { return body(f, x).(B) }, options...)
}

func selecting[A, B any](list any, body func(any) any) any {
	return dsl.Select(list.(dsl.List[A]), func(x A) B { return body(x).(B) })
}

// A tracer writes a random program with package dsl.
type tracer struct {
	values map[int]any
	get    map[int]func() any
	set    map[int]func(*dsl.Flow, any)
	leave  map[int]func(*dsl.Flow, any)
}

func trace(body *block, out kind) dsl.Tracer {
	return opsOf[out].workflow(func(f *dsl.Flow, in any) any {
		t := &tracer{make(map[int]any), make(map[int]func() any), make(map[int]func(*dsl.Flow, any)), make(map[int]func(*dsl.Flow, any))}
		t.values[0] = in
		return t.block(f, body)
	})
}

func (t *tracer) block(f *dsl.Flow, b *block) any {
	for _, s := range b.stmts {
		t.stmt(f, s)
	}
	if b.ended() {
		return opsOf[b.kind].zero
	}
	return t.ex(b.result)
}

func (t *tracer) arm(b *block) func(*dsl.Flow) any {
	return func(f *dsl.Flow) any { return t.block(f, b) }
}

func (t *tracer) arms(list []*block) []func(*dsl.Flow) any {
	var arms []func(*dsl.Flow) any
	for _, b := range list {
		arms = append(arms, t.arm(b))
	}
	return arms
}

func (t *tracer) stmt(f *dsl.Flow, s *stmt) {
	o := opsOf[s.kind]
	switch s.op {
	case "call":
		t.values[s.slot] = t.call(f, s)
	case "id":
		t.values[s.slot] = dsl.UUID(f)
	case "let":
		t.values[s.slot] = t.ex(s.ex)
	case "var":
		t.get[s.slot], t.set[s.slot] = o.variable(f, fmt.Sprintf("v%d", s.slot), t.ex(s.ex))
	case "set":
		t.set[s.slot](f, t.ex(s.ex))
	case "wait":
		dsl.Wait(f, s.name, dsl.Cond(dsl.Gt(t.ex(s.ex).(dsl.Int), 0), t.ex(s.ex).(dsl.Int), dsl.V(0)))
	case "if":
		var otherwise *dsl.Else
		for i, c := range s.conds {
			then := func(f *dsl.Flow) { t.block(f, s.blocks[i]) }
			if cond := t.ex(c).(dsl.Bool); i == 0 {
				otherwise = dsl.If(f, s.name, cond, then)
			} else {
				otherwise = otherwise.ElseIf(cond, then)
			}
		}
		if len(s.blocks) > len(s.conds) {
			otherwise.Else(func(f *dsl.Flow) { t.block(f, s.blocks[len(s.conds)]) })
		}
	case "switch":
		var conds []dsl.Bool
		for _, c := range s.conds {
			conds = append(conds, t.ex(c).(dsl.Bool))
		}
		t.values[s.slot] = o.choice(f, s.name, conds, t.arms(s.blocks))
	case "repeat":
		t.repeat(f, s)
	case "try":
		var errors []dsl.ErrorMatch
		for _, e := range s.errors {
			errors = append(errors, dsl.ErrorName(e))
		}
		t.values[s.slot] = o.try(f, t.arm(s.blocks[0]), func(f *dsl.Flow, err dsl.Error) any {
			t.values[s.extra] = dsl.Format("{}: {}", err.Error, err.Cause)
			return t.block(f, s.blocks[1])
		}, errors...)
	case "map":
		var options []dsl.Option
		if s.apart {
			options = append(options, dsl.Distributed())
		}
		t.values[s.slot] = o.mapFrom[kind(s.limit)](f, s.name, t.ex(s.ex), func(f *dsl.Flow, x any) any {
			t.values[s.extra] = x
			return t.block(f, s.blocks[0])
		}, options...)
	case "parallel":
		t.values[s.slot] = o.parallel(f, s.name, t.arms(s.blocks))
	case "finally":
		t.values[s.slot] = o.finally(f, s.name, t.arm(s.blocks[0]), func(f *dsl.Flow) { t.block(f, s.blocks[1]) })
	case "fail":
		f.Fail(s.name, dsl.ErrorName(s.errors[0]), t.ex(s.ex).(dsl.String))
	case "succeed":
		o.succeed(f, s.name, t.ex(s.ex))
	case "break":
		t.leave[s.loop](f, t.ex(s.ex))
	default:
		panic(s.op)
	}
}

func (t *tracer) repeat(f *dsl.Flow, s *stmt) {
	get, set := opsOf[kInt].variable(f, fmt.Sprintf("v%d", s.extra), dsl.V(0))
	t.get[s.extra] = get
	t.values[s.slot] = opsOf[s.kind].repeat(f, func(f *dsl.Flow, leave func(*dsl.Flow, any)) {
		t.leave[s.loop] = leave
		t.block(f, s.blocks[0])
		set(f, dsl.Add(get().(dsl.Int), 1))
		dsl.If(f, s.name, dsl.Gt(get().(dsl.Int), s.limit), func(f *dsl.Flow) { leave(f, t.ex(s.ex)) })
		dsl.Wait(f, s.name+" wait", time.Second)
	})
}

func (t *tracer) call(f *dsl.Flow, s *stmt) any {
	in := t.ex(s.ex)
	switch s.task {
	case "inc":
		return incTask.Named(s.name).Call(f, in.(dsl.Int))
	case "item":
		return itemTask.Named(s.name).Call(f, in.(dsl.Int))
	case "list":
		return listTask.Named(s.name).Call(f, in.(dsl.Int))
	case "opt":
		return optTask.Named(s.name).Call(f, in.(dsl.Int))
	case "echo":
		return echoTask.Named(s.name).Call(f, in.(item))
	default:
		return totalTask.Named(s.name).Call(f, in.(dsl.List[dsl.Int]))
	}
}

func (t *tracer) ex(x *ex) any {
	o := opsOf[x.kind]
	arg := func(i int) any { return t.ex(x.args[i]) }
	num := func(i int) dsl.Int { return arg(i).(dsl.Int) }
	str := func(i int) dsl.String { return arg(i).(dsl.String) }
	truth := func(i int) dsl.Bool { return arg(i).(dsl.Bool) }
	opt := func(i int) dsl.Optional[dsl.Int] { return arg(i).(dsl.Optional[dsl.Int]) }
	ints := func(i int) dsl.List[dsl.Int] { return arg(i).(dsl.List[dsl.Int]) }
	switch x.op {
	case "lit":
		switch v := x.lit.(type) {
		case int:
			return dsl.V(v)
		case bool:
			return dsl.V(v)
		default:
			return dsl.V(v.(string))
		}
	case "ref":
		return t.values[x.slot]
	case "get":
		return t.get[x.slot]()
	case "cond":
		return o.cond(truth(0), arg(1), arg(2))
	case "add":
		return dsl.Add(num(0), num(1))
	case "sub":
		return dsl.Sub(num(0), num(1))
	case "mulmod":
		return dsl.Mod(dsl.Mul(num(0), num(1)), 97)
	case "len":
		for k, l := range lists {
			if l == x.args[0].kind {
				return opsOf[k].len(arg(0))
			}
		}
	case "sum":
		return dsl.Sum(ints(0))
	case "n":
		return arg(0).(item).N
	case "s":
		return arg(0).(item).S
	case "tags":
		return arg(0).(item).Tags
	case "o":
		return arg(0).(item).O
	case "or":
		return opt(0).Or(num(1))
	case "must":
		return opt(0).Must()
	case "at": // where the list is long enough, else the second argument
		i := x.lit.(int)
		list := arg(0)
		return o.cond(dsl.Gt(o.len(list), i), o.at(list, i), arg(1))
	case "atindex":
		list, i := arg(0), num(2)
		return o.cond(dsl.And(dsl.Ge(i, 0), dsl.Lt(i, o.len(list))), o.atIndex(list, i), arg(1))
	case "format":
		args := []dsl.Symbol{arg(0).(dsl.Symbol), str(1)}
		format := x.lit.(string)
		if format == "{}" || format == "<{}>" {
			args = args[:1]
		}
		return dsl.Format(format, args...)
	case "upper":
		return dsl.Upper(str(0))
	case "join":
		return dsl.Join(arg(0).(dsl.List[dsl.String]), ",")
	case "eq":
		return dsl.Eq(num(0), num(1))
	case "ne":
		return dsl.Ne(num(0), num(1))
	case "gt":
		return dsl.Gt(num(0), num(1))
	case "ge":
		return dsl.Ge(num(0), num(1))
	case "lt":
		return dsl.Lt(num(0), num(1))
	case "le":
		return dsl.Le(num(0), num(1))
	case "same":
		return dsl.Eq(t.values[x.slot].(dsl.String), t.values[x.lit.(int)].(dsl.String))
	case "eqs":
		return dsl.Eq(str(0), str(1))
	case "and":
		return dsl.And(truth(0), truth(1))
	case "oror":
		return dsl.Or(truth(0), truth(1))
	case "not":
		return dsl.Not(truth(0))
	case "present":
		return opt(0).Present()
	case "has":
		return dsl.Has(ints(0), num(1))
	case "contains":
		return dsl.Contains(str(0), str(1))
	case "in":
		return dsl.In(str(0), x.lit.([]string)...)
	case "some":
		return dsl.Some(num(0))
	case "null":
		return dsl.Null[dsl.Int]()
	case "absent":
		return dsl.Absent[dsl.Int]()
	case "max":
		return dsl.Max(ints(0))
	case "min":
		return dsl.Min(ints(0))
	case "lookup":
		return dsl.Lookup(arg(0).(dsl.Dict[dsl.Int]), str(1))
	case "list":
		var items []any
		for i := range x.args {
			items = append(items, arg(i))
		}
		return opsOf[elem(x.kind)].list(items...)
	case "append":
		return opsOf[elem(x.kind)].append(arg(0), arg(1))
	case "concat":
		return opsOf[elem(x.kind)].concat(arg(0), arg(1))
	case "select":
		return opsOf[elem(x.kind)].selected[x.lit.(kind)](arg(0), func(item any) any {
			t.values[x.slot] = item
			return arg(1)
		})
	case "filter":
		return opsOf[x.lit.(kind)].filter(arg(0), func(item any) dsl.Bool {
			t.values[x.slot] = item
			return truth(1)
		})
	case "split":
		return dsl.Split(str(0), ",")
	case "keys":
		return dsl.Keys(arg(0).(dsl.Dict[dsl.Int]))
	case "item":
		return item{N: num(0), S: str(1), Tags: arg(2).(dsl.List[dsl.String]), O: opt(3)}
	case "dict":
		m := make(map[string]dsl.Int)
		for i := range x.args {
			m["a"] = num(i)
		}
		return dsl.DictOf(m)
	case "put":
		return dsl.Put(arg(0).(dsl.Dict[dsl.Int]), str(1), num(2))
	}
	panic(x.op)
}

func elem(list kind) kind {
	for k, l := range lists {
		if l == list {
			return k
		}
	}
	panic("not a list")
}
