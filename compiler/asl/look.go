package asl

import (
	"fmt"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// assigned notes the shapes of what a state assigns.
func (i *inference) assigned(s *step, st stages) {
	for _, e := range s.edges {
		for _, a := range e.assigns {
			of := (*shape)(nil)
			switch {
			case s.language == JSONata:
				of = i.expression(a.node, st)
			case a.name == a.node.key:
				of = i.template(a.node, nil)
			}
			if old, known := i.variables[a.name]; known {
				of = join(old, of)
			}
			i.variables[a.name] = cut(of, deepest)
		}
	}
}

// report looks for what reads fields that there are not.
func (i *inference) report(s *step, st stages) {
	for _, l := range s.looks {
		i.look(l, st[l.at], s.language)
	}
}

// look reports that something leads to no field of the data, if it surely does.
func (i *inference) look(l look, data *shape, language QueryLanguage) {
	_, within, missing := data.lookup(l.steps, language)
	if missing < 0 {
		return
	}
	step := l.steps[missing]
	what := noSuchField
	if !l.fails || within.foreign {
		what = maybeNoSuchField
	}
	i.c.say(l.node, what, l.path, describeData(within, step))
	var names []string
	for _, f := range within.fields {
		names = append(names, f.name)
	}
	if near := closest(step, names); near != "" {
		i.c.fix("did you mean %s?", strings.Replace(l.path, step, near, 1))
	}
}

func describeData(s *shape, step string) string {
	if step == indexStep {
		step = "an item"
	}
	if s.kind != value.KindObject {
		return fmt.Sprintf("there is a value of type %s, which has no %s", s.kind, step)
	}
	if len(s.fields) == 0 {
		return fmt.Sprintf("there is an object without fields, which has no %s", step)
	}
	var names []string
	for k, f := range s.fields {
		if k == 6 {
			names = append(names, "…")
			break
		}
		names = append(names, f.name)
	}
	return fmt.Sprintf("the data there has %s, but no %s", strings.Join(names, ", "), step)
}

// losses reports catchers that throw away the input which the states behind them
// look for.
func (c *checker) losses(f *flow) {
	for _, s := range f.steps {
		for _, e := range s.edges {
			if e.kind == catchEdge && s.language == JSONPath && e.to != nil && !e.holder.has("ResultPath") && e.to.wantsInput() {
				c.say(e.holder, lostInput, s.name)
			}
		}
		for _, inner := range s.flows {
			c.losses(inner)
		}
	}
}

// wantsInput reports whether a state looks at its input and not at an error.
func (s *step) wantsInput() bool {
	if s.language != JSONPath {
		return false
	}
	wants := false
	for _, l := range s.looks {
		if l.at == taskResult || l.at == beforeOutput || l.at == contextObject {
			continue
		}
		if len(l.steps) > 0 && (l.steps[0] == "Error" || l.steps[0] == "Cause") {
			return false
		}
		wants = true
	}
	return wants
}
