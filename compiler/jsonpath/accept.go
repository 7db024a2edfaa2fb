package jsonpath

import "github.com/stepsmith-dev/stepsmith/compiler/value"

// A comparison that cannot be made is false, whatever the operator.
var errIncomparable = &Error{Kind: Impossible, Message: "values that cannot be compared"}

// accept reports whether an item passes the filter. The error is one that Jayway
// does not catch.
func (f *filter) accept(item, root value.Value, d Dialect) (bool, error) {
	if d.ObjectsOnly && item.Kind() != value.KindObject && item.Kind() != value.KindList {
		return false, nil
	}
	passed := true // all of the group of criteria between two ||
	for i := len(f.criteria) - 1; i >= 0; i-- {
		if passed {
			var err error
			if passed, err = f.criteria[i].accept(item, root); err != nil {
				return false, err
			}
		}
		if i > 0 && f.operators[i-1] == "||" {
			if passed {
				return true, nil
			}
			passed = true
		}
	}
	return passed, nil
}

func (c *criterion) accept(item, root value.Value) (bool, error) {
	left, err := c.left.eval(item, root)
	if c.operator == "" {
		if notFound(err) {
			return c.absent, nil
		}
		return err == nil && left.IsNull() == c.absent, err
	}
	if err == nil {
		var right value.Value
		if right, err = c.right.eval(item, root); err == nil {
			return c.compare(left, right)
		}
	}
	if notFound(err) {
		return false, nil
	}
	return false, err
}

func notFound(err error) bool {
	e, ok := err.(*Error)
	return ok && e.Kind == NotFound
}

func (o *operand) eval(item, root value.Value) (value.Value, error) {
	switch {
	case o.path == nil:
		return value.String(o.text), nil
	case o.item:
		return o.path.eval(item, root, nil)
	}
	return o.path.eval(root, root, nil)
}

func (c *criterion) compare(left, right value.Value) (bool, error) {
	if c.operator == "=~" {
		return c.match(left, right)
	}
	if c.left.pattern != nil || c.right.pattern != nil {
		return false, nil
	}
	if c.operator != "==" && c.operator != "!=" && left.IsNull() != right.IsNull() {
		return false, nil
	}
	order, err := compare(right, left)
	if err == errIncomparable {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	switch c.operator {
	case "==":
		return order == 0, nil
	case "!=":
		return order != 0, nil
	case ">":
		return order < 0, nil
	case ">=":
		return order <= 0, nil
	case "<":
		return order > 0, nil
	}
	return order >= 0, nil
}

func (c *criterion) match(left, right value.Value) (bool, error) {
	pattern, target := c.right.pattern, left
	if pattern == nil {
		pattern, target = c.left.pattern, right
	}
	if pattern == nil {
		return false, &Error{Kind: Impossible, Message: "a filter has =~ without a /pattern/"}
	}
	return !target.IsNull() && pattern.MatchString(JavaText(target)), nil
}
