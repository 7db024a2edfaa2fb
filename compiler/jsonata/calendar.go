package jsonata

import "math"

// The calendar counts milliseconds since 1970, in UTC.

const (
	second = 1000.0
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
	week   = 7 * day
)

// maxMillis is as far as the dates of JavaScript go.
const maxMillis = 8.64e15

// days returns the days from 1970 to the first of a month, counted from 0; months
// beyond the year count on. It is the algorithm of Howard Hinnant.
func days(year, month float64) float64 {
	year += math.Floor(month / 12)
	month = month - 12*math.Floor(month/12)
	if month < 2 {
		year--
		month += 12
	}
	era := math.Floor(year / 400)
	ofEra := year - era*400
	ofYear := math.Floor((153*(month-2) + 2) / 5)
	return era*146097 + ofEra*365 + math.Floor(ofEra/4) - math.Floor(ofEra/100) + ofYear - 719468
}

// utc is JavaScript's Date.UTC, which takes the years 0 to 99 for those of the
// last century.
func utc(year, month, date, hours, minutes, seconds, millis float64) float64 {
	if 0 <= year && year <= 99 {
		year += 1900
	}
	return (days(year, month)+date-1)*day + hours*hour + minutes*minute + seconds*second + millis
}

// A moment is a time with its date.
type moment struct {
	millis            float64
	year, month, date float64 // the month from 0, the date from 1
}

func momentOf(millis float64) moment {
	z := math.Floor(millis/day) + 719468
	era := math.Floor(z / 146097)
	ofEra := z - era*146097
	year := math.Floor((ofEra - math.Floor(ofEra/1460) + math.Floor(ofEra/36524) - math.Floor(ofEra/146096)) / 365)
	ofYear := ofEra - (365*year + math.Floor(year/4) - math.Floor(year/100))
	month := math.Floor((5*ofYear + 2) / 153)
	m := moment{millis: millis, date: ofYear - math.Floor((153*month+2)/5) + 1}
	m.month = month + 2
	m.year = year + era*400
	if m.month >= 12 {
		m.month -= 12
		m.year++
	}
	return m
}

// part returns a component of the time of day: how many units there are in
// bigger ones.
func (m moment) part(unit, bigger float64) float64 {
	return math.Floor((m.millis - math.Floor(m.millis/bigger)*bigger) / unit)
}

// weekday returns the day of the week, Monday being 1.
func (m moment) weekday() float64 {
	d := math.Floor(m.millis/day) + 3 // the first of 1970 was a Thursday
	return d - 7*math.Floor(d/7) + 1
}

// firstWeek returns when the first week of a month begins, or of a year for
// month 0: the one with the first Thursday.
func firstWeek(year, month float64) float64 {
	first := utc(year, month, 1, 0, 0, 0, 0)
	weekday := momentOf(first).weekday()
	if weekday > 4 {
		return first + (8-weekday)*day
	}
	return first - (weekday-1)*day
}

// weekOf returns the number of the week of the month, or of the year. span is
// how many months that is, most how many weeks it is certain to have.
func (m moment) weekOf(month, span, most float64) float64 {
	today := utc(m.year, m.month, m.date, 0, 0, 0, 0)
	number := func(start float64) float64 { return math.Floor((today-start)/week + 1) }
	n := (today-firstWeek(m.year, month))/week + 1
	switch {
	case n > most:
		if today >= nextWeeks(m.year, month+span) {
			return 1
		}
	case n < 1:
		return number(nextWeeks(m.year, month-span))
	}
	return math.Floor(n)
}

// nextWeeks is [firstWeek] for months before and beyond the year.
func nextWeeks(year, month float64) float64 {
	carry := math.Floor(month / 12)
	return firstWeek(year+carry, month-12*carry)
}

// weekShift tells whether the week belongs to the month or year before (-1) or
// after (1).
func (m moment) weekShift(month, span float64) float64 {
	switch {
	case m.millis < firstWeek(m.year, month):
		return -1
	case m.millis >= nextWeeks(m.year, month+span):
		return 1
	}
	return 0
}

// component returns a component as a number; AM is 0 and PM 1.
func (m moment) component(c byte) float64 {
	switch c {
	case 'Y':
		return m.year
	case 'M':
		return m.month + 1
	case 'D':
		return m.date
	case 'd':
		return (utc(m.year, m.month, m.date, 0, 0, 0, 0)-utc(m.year, 0, 1, 0, 0, 0, 0))/day + 1
	case 'F':
		return m.weekday()
	case 'W':
		return m.weekOf(0, 12, 52)
	case 'w':
		return m.weekOf(m.month, 1, 4)
	case 'X':
		return m.year + m.weekShift(0, 12)
	case 'x':
		return math.Mod(m.month+m.weekShift(m.month, 1)+12, 12) + 1
	case 'H':
		return m.part(hour, day)
	case 'h':
		if h := math.Mod(m.part(hour, day), 12); h != 0 {
			return h
		}
		return 12
	case 'P':
		return m.part(12*hour, day)
	case 'm':
		return m.part(minute, hour)
	case 's':
		return m.part(second, minute)
	case 'f':
		return m.part(1, second)
	}
	return 0
}
