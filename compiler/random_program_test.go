package compiler_test

// A kind is a type of the random programs.
type kind int

const (
	kInt kind = iota
	kStr
	kBool
	kOpt // Optional[Int]
	kInts
	kStrs
	kItem
	kItems
	kNest // List[List[Int]]
	kOpts // List[Optional[Int]]
	kDict // Dict[Int]
	kinds
)

// lists maps the kinds of items to those of their lists.
var lists = map[kind]kind{kInt: kInts, kStr: kStrs, kItem: kItems, kInts: kNest, kOpt: kOpts}

// An ex is an expression of a random program.
type ex struct {
	op   string
	kind kind
	args []*ex
	lit  any
	slot int // of ref, get; the parameter of a lambda's body
}

// A block is a sequence of statements with a result.
type block struct {
	stmts  []*stmt
	result *ex // nil when ended
	kind   kind
}

func (b *block) ended() bool { return b.result == nil }

// A stmt is a statement. Which fields it has depends on its op.
type stmt struct {
	op     string
	name   string // of its state
	task   string
	kind   kind
	slot   int // what it gives, or the variable it sets
	extra  int // the item's or error's slot; the loop's counter
	loop   int
	limit  int
	ex     *ex
	conds  []*ex
	blocks []*block
	errors []string
	apart  bool // a distributed Map
}

// A source gives the choices of a generator. Where it has run dry it gives 0,
// which always chooses what is simplest: cutting a source short, or lowering its
// numbers, makes a smaller program.
type source struct {
	choices []uint8
	next    int
}

func (s *source) pick(n int) int {
	if s.next >= len(s.choices) {
		return 0
	}
	c := int(s.choices[s.next])
	s.next++
	return c % n
}

// A generator makes a random program.
type generator struct {
	*source
	slots  int
	states int
	loops  int
	budget int // of statements
}

// env is what a place of the program can use.
type env struct {
	values  map[kind][]int // slots
	vars    map[kind][]int
	mine    map[int]bool // variables that may be set here
	present []*ex        // Optionals that a condition made sure of
	loops   []openLoop
	inside  bool // a branch or iteration: all errors are alike, since any may come first
	exits   bool // Succeed is allowed, with a value of
	exit    kind
	lambda  bool  // no variables: their reading would be out of place
	held    bool  // in a Finally: nothing leaves
	ids     []int // slots of identifiers that were made on the way
}

type openLoop struct {
	id   int
	kind kind
}

func (e *env) clone() *env {
	c := *e
	c.values, c.vars, c.mine = make(map[kind][]int), make(map[kind][]int), make(map[int]bool)
	for k, v := range e.values {
		c.values[k] = append([]int(nil), v...)
	}
	for k, v := range e.vars {
		c.vars[k] = append([]int(nil), v...)
	}
	for k, v := range e.mine {
		c.mine[k] = v
	}
	c.present = append([]*ex(nil), e.present...)
	c.loops = append([]openLoop(nil), e.loops...)
	c.ids = append([]int(nil), e.ids...)
	return &c
}

func (e *env) add(k kind, slot int) { e.values[k] = append(e.values[k], slot) }

func (g *generator) slot() int { g.slots++; return g.slots }

func (g *generator) name() string {
	g.states++
	return "s" + string(rune('0'+g.states/100%10)) + string(rune('0'+g.states/10%10)) + string(rune('0'+g.states%10))
}

// program makes a workflow from an Item to a value of a random kind.
func (g *generator) program() (*block, kind) {
	out := kind(g.pick(int(kinds)))
	e := &env{values: map[kind][]int{kItem: {0}}, vars: make(map[kind][]int), mine: make(map[int]bool), exits: true, exit: out}
	return g.block(e, out, 3), out
}

func (g *generator) block(e *env, out kind, depth int) *block {
	b := &block{kind: out}
	for n := g.pick(5); n > 0 && g.budget > 0; n-- {
		g.budget--
		s := g.stmt(e, depth)
		if s == nil {
			continue
		}
		b.stmts = append(b.stmts, s)
		if s.op == "fail" || s.op == "succeed" || s.op == "break" || s.op == "continue" {
			return b
		}
	}
	b.result = g.ex(e, out, 3)
	return b
}

var taskInputs = map[string]kind{"inc": kInt, "item": kInt, "list": kInt, "opt": kInt, "echo": kItem, "total": kInts}
var taskOutputs = map[string]kind{"inc": kInt, "item": kItem, "list": kInts, "opt": kOpt, "echo": kItem, "total": kInt}
var taskNames = []string{"inc", "item", "list", "opt", "echo", "total"}

func (g *generator) stmt(e *env, depth int) *stmt {
	switch c := g.pick(18); {
	case c <= 3:
		name := taskNames[g.pick(len(taskNames))]
		s := &stmt{op: "call", name: g.name(), task: name, ex: g.ex(e, taskInputs[name], 2), slot: g.slot(), kind: taskOutputs[name]}
		e.add(s.kind, s.slot)
		return s
	case c == 4:
		before := e.lambda
		e.lambda = true // what is kept in a Go variable must not read variables
		k := kind(g.pick(int(kinds)))
		s := &stmt{op: "let", ex: g.ex(e, k, 3), slot: g.slot(), kind: k}
		e.lambda = before
		e.add(k, s.slot)
		return s
	case c == 5:
		k := kind(g.pick(int(kinds)))
		s := &stmt{op: "var", ex: g.ex(e, k, 2), slot: g.slot(), kind: k}
		e.vars[k] = append(e.vars[k], s.slot)
		e.mine[s.slot] = true
		return s
	case c == 6 || c == 7:
		return g.set(e)
	case depth == 0:
		return &stmt{op: "wait", name: g.name(), ex: g.ex(e, kInt, 1)}
	case c == 8:
		return g.conditional(e, depth)
	case c == 9:
		return g.choice(e, depth)
	case c == 10:
		return g.repeat(e, depth)
	case c == 11:
		return g.try(e, depth)
	case c == 12:
		return g.mapping(e, depth)
	case c == 13:
		return g.parallel(e, depth)
	case c == 14 && !e.held:
		s := &stmt{op: "finally", name: g.name(), slot: g.slot(), kind: kind(g.pick(int(kinds)))}
		held := e.clone()
		held.held, held.exits, held.loops = true, false, nil
		s.blocks = []*block{g.block(held.clone(), s.kind, depth-1), g.block(held, kInt, 0)}
		if s.blocks[0].ended() || s.blocks[1].ended() {
			return nil
		}
		e.add(s.kind, s.slot)
		return s
	case c >= 16:
		s := &stmt{op: "id", slot: g.slot(), kind: kStr}
		e.ids = append(e.ids, s.slot)
		return s
	default:
		return g.leave(e)
	}
}

func (g *generator) set(e *env) *stmt {
	k := kind(g.pick(int(kinds)))
	for _, slot := range e.vars[k] {
		if e.mine[slot] {
			return &stmt{op: "set", ex: g.ex(e, k, 2), slot: slot, kind: k}
		}
	}
	return nil
}

// leave ends the block, sometimes.
func (g *generator) leave(e *env) *stmt {
	switch g.pick(6) {
	case 1:
		s := &stmt{op: "fail", name: g.name(), errors: []string{"Stop"}, ex: g.ex(e, kStr, 1)}
		if e.inside {
			s.errors, s.ex = []string{"Odd"}, &ex{op: "lit", kind: kStr, lit: "odd"}
		}
		return s
	case 2:
		if e.exits {
			return &stmt{op: "succeed", name: g.name(), kind: e.exit, ex: g.ex(e, e.exit, 2)}
		}
	case 3:
		if len(e.loops) > 0 {
			l := e.loops[g.pick(len(e.loops))]
			return &stmt{op: "break", loop: l.id, kind: l.kind, ex: g.ex(e, l.kind, 2)}
		}
	}
	return nil
}

// arms makes conditions and the blocks behind them; a block may know that an
// Optional is there.
func (g *generator) arms(e *env, s *stmt, out kind, depth int) {
	for n := 1 + g.pick(2); n > 0; n-- {
		inner := e.clone()
		if len(e.values[kOpt]) > 0 && g.pick(3) == 2 {
			x := &ex{op: "ref", kind: kOpt, slot: e.values[kOpt][g.pick(len(e.values[kOpt]))]}
			s.conds = append(s.conds, &ex{op: "present", kind: kBool, args: []*ex{x}})
			inner.present = append(inner.present, x)
		} else {
			s.conds = append(s.conds, g.ex(e, kBool, 2))
		}
		s.blocks = append(s.blocks, g.block(inner, out, depth-1))
	}
}

func (g *generator) conditional(e *env, depth int) *stmt {
	s := &stmt{op: "if", name: g.name()}
	g.arms(e, s, kInt, depth)
	if g.pick(2) == 1 {
		s.blocks = append(s.blocks, g.block(e.clone(), kInt, depth-1))
	}
	for _, b := range s.blocks {
		if !b.ended() {
			return s
		}
	}
	if len(s.blocks) > len(s.conds) {
		s.blocks = s.blocks[:len(s.conds)] // something must go on
	}
	return s
}

func (g *generator) choice(e *env, depth int) *stmt {
	s := &stmt{op: "switch", name: g.name(), slot: g.slot(), kind: kind(g.pick(int(kinds)))}
	g.arms(e, s, s.kind, depth)
	last := g.block(e.clone(), s.kind, 0)
	if last.ended() {
		last.stmts, last.result = nil, g.ex(e, s.kind, 1)
	}
	s.blocks = append(s.blocks, last)
	e.add(s.kind, s.slot)
	return s
}

// repeat makes a loop that a counter ends.
func (g *generator) repeat(e *env, depth int) *stmt {
	g.loops++
	s := &stmt{op: "repeat", name: g.name(), slot: g.slot(), extra: g.slot(), loop: g.loops, limit: g.pick(3), kind: kind(g.pick(int(kinds)))}
	inner := e.clone()
	inner.loops = append(inner.loops, openLoop{s.loop, s.kind})
	inner.vars[kInt] = append(inner.vars[kInt], s.extra) // the counter is read, and not set
	body := g.block(inner, kInt, depth-1)
	if body.ended() {
		body.stmts = nil
		body.result = &ex{op: "lit", kind: kInt, lit: 0}
		inner = e.clone()
	}
	s.blocks = []*block{body}
	s.ex = g.ex(inner, s.kind, 2)
	e.add(s.kind, s.slot)
	return s
}

func (g *generator) try(e *env, depth int) *stmt {
	s := &stmt{op: "try", slot: g.slot(), extra: g.slot(), kind: kind(g.pick(int(kinds)))}
	s.blocks = []*block{g.block(e.clone(), s.kind, depth-1)}
	if g.pick(2) == 1 {
		s.errors = []string{"Odd"}
	}
	handler := e.clone()
	handler.add(kStr, s.extra)
	s.blocks = append(s.blocks, g.block(handler, s.kind, depth-1))
	if s.blocks[0].ended() && s.blocks[1].ended() {
		return nil
	}
	e.add(s.kind, s.slot)
	return s
}

func (g *generator) mapping(e *env, depth int) *stmt {
	from := []kind{kInt, kItem, kStr}[g.pick(3)]
	to := []kind{kInt, kStr, kItem, kInts, kOpt}[g.pick(5)]
	s := &stmt{op: "map", name: g.name(), slot: g.slot(), extra: g.slot(), kind: to, ex: g.ex(e, lists[from], 2), limit: int(from), apart: g.pick(4) == 3 && !e.inside}
	inner := e.fenced(to)
	inner.add(from, s.extra)
	s.blocks = []*block{g.block(inner, to, depth-1)}
	e.add(lists[to], s.slot)
	return s
}

func (g *generator) parallel(e *env, depth int) *stmt {
	k := []kind{kInt, kStr, kItem, kInts}[g.pick(4)]
	s := &stmt{op: "parallel", name: g.name(), slot: g.slot(), kind: k}
	for n := 1 + g.pick(3); n > 0; n-- {
		s.blocks = append(s.blocks, g.block(e.fenced(k), k, depth-1))
	}
	e.add(lists[k], s.slot)
	return s
}

// fenced is what a branch or iteration sees.
func (e *env) fenced(out kind) *env {
	inner := e.clone()
	inner.mine, inner.loops, inner.inside, inner.exits, inner.exit, inner.held = make(map[int]bool), nil, true, true, out, false
	return inner
}
