package jsonata

import (
	"math"
	"regexp"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

var timeFunctions = []definition{
	{"now", "<s?s?:s>", 2, func(n native) (value.Value, *Error) {
		return formatTime(n.ev, n.ev.now(), n.arg(0), n.arg(1))
	}},
	{"millis", "<:n>", 0, func(n native) (value.Value, *Error) { return value.Float(n.ev.now()), nil }},
	{"fromMillis", "<n-s?s?:s>", 3, defined(func(n native) (value.Value, *Error) {
		f, _ := n.arg(0).Float()
		return formatTime(n.ev, f, n.arg(1), n.arg(2))
	})},
	{"toMillis", "<s-s?:n>", 2, defined(toMillis)},
}

// now returns the time of the environment in milliseconds.
func (ev *evaluation) now() float64 { return float64(ev.env.Now.UnixMilli()) }

func formatTime(ev *evaluation, millis float64, picture, zone value.Value) (value.Value, *Error) {
	text, ok := picture.Str()
	if !ok {
		text = isoPicture
	}
	if len(text) > maxPicture {
		return value.Value{}, overBudget(memoryMessage)
	}
	if err := ev.spend(2 * len(text)); err != nil {
		return value.Value{}, err
	}
	parts, err := timePictureOf(text)
	if err != nil {
		return value.Value{}, err
	}
	f := timeFormatter{}
	if z, ok := zone.Str(); ok {
		offset := parseInt(z)
		f.hours = math.Floor(offset / 100)
		f.minutes = math.Mod(offset, 100)
	}
	local := millis + (60*f.hours+f.minutes)*minute
	if !(math.Abs(local) <= maxMillis) {
		return value.Value{}, fail("D1001", value.Float(millis))
	}
	f.moment = momentOf(math.Trunc(local))
	var b strings.Builder
	for i := range parts {
		text, err := f.part(&parts[i])
		if err != nil {
			return value.Value{}, err
		}
		b.WriteString(text)
	}
	return ev.text(b.String())
}

// A timeFormatter writes the parts of a picture for a moment, which is local
// already.
type timeFormatter struct {
	moment
	hours, minutes float64 // of the zone
}

func (f *timeFormatter) part(part *timePart) (string, *Error) {
	switch part.component {
	case 0:
		return part.literal, nil
	case 'Z', 'z':
		return f.zone(part)
	case 'P':
		text := []string{"am", "pm"}[int(f.component('P'))]
		if part.named && part.names == upperCase {
			text = strings.ToUpper(text)
		}
		return text, nil
	case 'C', 'E':
		return "ISO", nil
	}
	if strings.IndexByte("YMDdFWwXxHhmsf", part.component) < 0 {
		return "undefined", nil // what JavaScript makes of a component it does not know
	}
	v := f.component(part.component)
	if part.component == 'Y' && part.digits >= 0 {
		v = math.Mod(v, math.Pow(10, float64(part.digits)))
	}
	if part.named && part.component != 'f' {
		return part.nameOf(v)
	}
	if part.integer == nil {
		return "", fail("D3133", value.String(string(part.component)))
	}
	return part.integer.format(v)
}

// nameOf returns the name of a month or a day, in its case and width.
func (part *timePart) nameOf(v float64) (string, *Error) {
	names, ok := part.nameList()
	if !ok {
		return "", fail("D3133", value.String(string(part.component)))
	}
	name := names[int(v)-1]
	switch part.names {
	case upperCase:
		name = strings.ToUpper(name)
	case lowerCase:
		name = strings.ToLower(name)
	}
	if most := part.width.max; most > 0 && most < len(name) {
		name = name[:most]
	}
	return name, nil
}

// zone writes the offset from UTC.
func (f *timeFormatter) zone(part *timePart) (text string, err *Error) {
	offset := f.hours*100 + f.minutes
	p := part.integer
	if p == nil {
		return "", fail("D3133", value.String(string(part.component)))
	}
	switch {
	case p.regular > 0 || p.mandatory == 3 || p.mandatory == 4:
		text, err = p.format(offset)
	case p.mandatory == 1 || p.mandatory == 2:
		text, err = p.format(f.hours)
		if f.minutes != 0 && err == nil {
			two := integerPicture{zero: '0', mandatory: 2}
			text += ":" + two.formatDecimal(f.minutes)
		}
	default:
		err = fail("D3134", value.Float(float64(p.mandatory)))
	}
	if err != nil {
		return "", err
	}
	if offset >= 0 {
		text = "+" + text
	}
	if part.component == 'z' {
		text = "GMT" + text
	}
	if offset == 0 && part.zulu {
		text = "Z"
	}
	return text, nil
}

// isoText is what jsonata-js takes for a timestamp when there is no picture.
var isoText = regexp.MustCompile(`^\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$`)

func toMillis(n native) (value.Value, *Error) {
	s, _ := n.arg(0).Str()
	if _, ok := n.arg(1).Str(); ok {
		picture, err := n.picture(1)
		if err != nil {
			return value.Value{}, err
		}
		return parseTime(n.ev, s, picture)
	}
	if len(s) > 100 || !isoText.MatchString(s) {
		return value.Value{}, fail("D3110", n.arg(0))
	}
	return value.Float(parseDate(s)), nil
}

// isoDate is what JavaScript's Date.parse takes of that: dates, and times with
// offsets. A time without one is local, and local is UTC here.
var isoDate = regexp.MustCompile(`^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?|Z)?$`)

// parseDate returns the milliseconds, or NaN where it is no date.
func parseDate(s string) float64 {
	groups := isoDate.FindStringSubmatch(s)
	if groups == nil {
		return math.NaN()
	}
	field := func(i int, fallback float64) float64 {
		if groups[i] == "" {
			return fallback
		}
		return parseInt(groups[i])
	}
	month, date := field(2, 1), field(3, 1)
	hours, minutes, seconds := field(4, 0), field(5, 0), field(6, 0)
	fraction := parseInt((groups[7] + "000")[:3])
	if month < 1 || month > 12 || date < 1 || date > 31 || hours > 24 || minutes > 59 || seconds > 59 ||
		hours == 24 && minutes+seconds+fraction > 0 {
		return math.NaN()
	}
	year := field(1, 0)
	millis := (days(year, month-1)+date-1)*day + hours*hour + minutes*minute + seconds*second + fraction
	if zone := groups[8]; len(zone) > 1 {
		offset := parseInt(zone[1:3])*hour + parseInt(zone[len(zone)-2:])*minute
		if zone[0] == '+' {
			offset = -offset
		}
		millis += offset
	}
	return millis
}
