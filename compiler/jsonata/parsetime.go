package jsonata

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// This file is $toMillis with a picture: a regular expression made of the
// picture takes the text apart, and what it finds must be enough to know the
// time.

// A timeField is a group of the expression and what its text stands for.
type timeField struct {
	component byte
	read      func(s string) float64
}

func parseTime(ev *evaluation, s, picture string) (value.Value, *Error) {
	parts, err := timePictureOf(picture)
	if err != nil {
		return value.Value{}, err
	}
	pattern, cost := "(?i)^", 0
	fields := make([]timeField, len(parts))
	for i := range parts {
		text, field, err := parts[i].pattern()
		if err != nil {
			return value.Value{}, err
		}
		fields[i] = field
		pattern += "(" + text + ")"
		cost += 10 * (len(text) + max(0, parts[i].digits))
	}
	// Nothing that says a time is that long.
	if len(s) > 4*maxPicture {
		return value.Value{}, nil
	}
	if err := ev.spend(cost + len(s)*len(parts)/4); err != nil {
		return value.Value{}, err
	}
	// RE2 knows all that occurs here, and takes time linear in the text.
	compiled, failure := regexp.Compile(pattern + "$")
	if failure != nil {
		return value.Value{}, nil // more repetitions than it allows: nothing is that long
	}
	groups := compiled.FindStringSubmatch(s)
	if groups == nil {
		return value.Value{}, nil
	}
	p := timeParts{}
	for i, field := range fields {
		if field.read != nil {
			p[field.component] = field.read(groups[i+1])
		}
	}
	if len(p) == 0 {
		return value.Value{}, nil
	}
	millis, err := p.millis(ev)
	return value.Float(millis), err
}

// pattern returns the expression for a part, and how to read what it matches.
func (part *timePart) pattern() (string, timeField, *Error) {
	field := timeField{component: part.component}
	switch {
	case part.component == 0:
		return regexp.QuoteMeta(part.literal), field, nil
	case (part.component == 'Z' || part.component == 'z') && part.integer != nil:
		return part.zonePattern()
	case part.integer != nil:
		return part.integerPattern()
	}
	var lookup func(s string) float64
	if part.component == 'P' {
		lookup = func(s string) float64 { return float64(slices.Index([]string{"am", "pm"}, strings.ToLower(s))) }
		return "[a-zA-Z]+", timeField{'P', known(lookup, func(s string) bool { return s == strings.ToLower(s) || s == strings.ToUpper(s) })}, nil
	}
	names, ok := part.nameList()
	if !ok {
		return "", field, fail("D3133", value.String(string(part.component)))
	}
	field.read = func(s string) float64 {
		for i, name := range names {
			if most := part.width.max; most > 0 && most < len(name) {
				name = name[:most]
			}
			if name == s {
				return float64(i + 1)
			}
		}
		return math.NaN()
	}
	return "[a-zA-Z]+", field, nil
}

// known makes NaN of what a lookup does not find.
func known(lookup func(string) float64, ok func(string) bool) func(string) float64 {
	return func(s string) float64 {
		if f := lookup(s); f >= 0 && ok(s) {
			return f
		}
		return math.NaN()
	}
}

func (part *timePart) zonePattern() (string, timeField, *Error) {
	pattern, sign := "[-+][0-9]+", ""
	if part.component == 'z' {
		sign = "GMT"
	}
	joint := ""
	if part.integer.regular > 0 {
		joint = part.integer.separators[0].char
		pattern += regexp.QuoteMeta(joint) + "[0-9]+"
	}
	read := func(s string) float64 {
		s = s[len(sign):]
		hours, minutes, found := s, "", false
		if joint != "" {
			hours, minutes, found = strings.Cut(s, joint)
		}
		if !found && len(s) > 3 {
			hours, minutes = s[:3], s[3:]
		}
		offset := parseInt(hours) * 60
		if minutes != "" {
			offset += parseInt(minutes)
		}
		return offset
	}
	return sign + pattern, timeField{part.component, read}, nil
}

func (part *timePart) integerPattern() (string, timeField, *Error) {
	p := part.integer
	field := timeField{part.component, func(s string) float64 {
		f, _ := p.parse(s)
		return f
	}}
	upper := p.letters == upperCase
	switch p.style {
	case letterStyle:
		if upper {
			return "[A-Z]+", field, nil
		}
		return "[a-z]+", field, nil
	case romanStyle:
		return "[mdclxvi]+", field, nil
	case wordStyle:
		words := make([]string, 0, len(wordValues)+2)
		for word := range wordValues {
			words = append(words, word)
		}
		slices.SortFunc(words, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
		words = append(words, "and", `[\-, ]`)
		return "(?:" + strings.Join(words, "|") + ")+", field, nil
	case sequenceStyle:
		return "", field, fail("D3130", value.String(p.token))
	}
	pattern := "[0-9]+"
	switch n := part.digits; {
	case n > 0 && p.optional == 0:
		pattern = "[0-9]{" + strconv.Itoa(n) + "}"
	case n > 0:
		pattern = "[0-9]{" + strconv.Itoa(max(0, n-p.optional)) + "," + strconv.Itoa(n) + "}"
	}
	if p.ordinal {
		pattern += "(?:th|st|nd|rd)"
	}
	return pattern, field, nil
}

// timeParts are the components that were found.
type timeParts map[byte]float64

// given reports whether there is a component that says something, which 0 and
// NaN do not, for jsonata-js.
func (p timeParts) given(c byte) bool {
	f := p[c]
	return f != 0 && f == f
}

// isType reports whether there are components of a kind of date or time, and
// none that this kind does not have.
func (p timeParts) isType(all, kind string) bool {
	found := false
	for i := range len(all) {
		if !p.given(all[i]) {
			continue
		}
		if strings.IndexByte(kind, all[i]) < 0 {
			return false
		}
		found = true
	}
	return found
}

// millis returns the time that the components say. What stands before the first
// of them is taken from now, what stands behind the last is the smallest there
// is; nothing may be missing in between.
func (p timeParts) millis(ev *evaluation) (float64, *Error) {
	const dates, times = "YXMxWwdD", "PHhmsf"
	dateA := p.isType(dates, "YMD")
	dateB := !dateA && p.isType(dates, "Yd")
	dateC := p.isType(dates, "Xxw")
	dateD := !dateC && p.isType(dates, "XW")
	timeB := !p.isType(times, "Hmsf") && p.isType(times, "Phmsf")
	order := "YMD"
	switch {
	case dateB:
		order = "YD"
	case dateC:
		order = "XxwF"
	case dateD:
		order = "XWF"
	}
	if timeB {
		order += "Phmsf"
	} else {
		order += "Hmsf"
	}
	if err := p.complete(order, momentOf(ev.now())); err != nil {
		return 0, err
	}
	if dateC || dateD {
		return 0, &Error{Code: "D3136"}
	}
	if p['M'] > 0 {
		p['M']--
	} else {
		p['M'] = 0
	}
	if dateB {
		m := momentOf(utc(p['Y'], 0, 1, 0, 0, 0, 0) + (p['d']-1)*day)
		p['M'], p['D'] = m.month, m.date
	}
	if timeB {
		p['H'] = math.Mod(p['h'], 12)
		if p['h'] != 12 {
			p['H'] = p['h']
		}
		if p['P'] == 1 {
			p['H'] += 12
		}
	}
	millis := utc(p['Y'], p['M'], p['D'], p['H'], p['m'], p['s'], p['f'])
	if zone := p['Z']; zone != 0 && zone == zone {
		return millis - zone*minute, nil
	}
	if zone := p['z']; zone == zone {
		millis -= zone * minute
	}
	return millis, nil
}

// complete fills in what is missing, from the greatest component to the least.
func (p timeParts) complete(order string, now moment) *Error {
	started, ended := false, false
	for i := range len(order) {
		c := order[i]
		if _, ok := p[c]; ok {
			started = true
			if ended {
				return &Error{Code: "D3136"}
			}
			continue
		}
		switch {
		case !started:
			p[c] = now.component(c)
		case strings.IndexByte("MDd", c) >= 0:
			p[c], ended = 1, true
		default:
			p[c], ended = 0, true
		}
	}
	return nil
}
