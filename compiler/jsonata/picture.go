package jsonata

import (
	"math"
	"strings"

	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

// This file takes the picture strings of dates and times apart, those of XPath
// F&O 3.1, 9.8.4, with X and x for the years and months of ISO weeks besides.

// A timePicture is literal text and markers in turn.
type timePicture []timePart

// A timePart is a literal, or a marker when it has a component.
type timePart struct {
	literal   string
	component byte
	width     struct{ min, max int } // 0 is none
	names     letterCase
	named     bool
	zulu      bool // Z for an offset of 0
	integer   *integerPicture
	digits    int // how many digits a year, month or day has at most, or -1
}

const isoPicture = "[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]"

// presentations are what markers without a presentation modifier have.
var presentations = map[byte]string{
	'Y': "1", 'M': "1", 'D': "1", 'd': "1", 'F': "n", 'W': "1", 'w': "1", 'X': "1", 'x': "1", 'H': "1", 'h': "1",
	'P': "n", 'm': "01", 's': "01", 'f': "1", 'Z': "01:01", 'z': "01:01", 'C': "n", 'E': "n",
}

func timePictureOf(picture string) (p timePicture, err *Error) {
	literal := func(text string) {
		if text != "" {
			p = append(p, timePart{literal: strings.ReplaceAll(text, "]]", "]")})
		}
	}
	for {
		at := strings.IndexByte(picture, '[')
		if at < 0 {
			literal(picture)
			return p, nil
		}
		literal(picture[:at])
		picture = picture[at+1:]
		if strings.HasPrefix(picture, "[") {
			p = append(p, timePart{literal: "["})
			picture = picture[1:]
			continue
		}
		marker, rest, found := strings.Cut(picture, "]")
		if !found {
			return nil, &Error{Code: "D3135"}
		}
		part, err := markerOf(strings.Join(strings.Fields(marker), ""))
		if err != nil {
			return nil, err
		}
		p = append(p, part)
		picture = rest
	}
}

// markerOf reads a marker: component, presentation, width.
func markerOf(marker string) (part timePart, err *Error) {
	part.digits = -1
	if marker == "" {
		return part, fail("D3132", value.String(""))
	}
	part.component = marker[0]
	presentation := marker[1:]
	if at := strings.LastIndexByte(marker, ','); at >= 1 {
		presentation = marker[1:at]
		least, most, found := strings.Cut(marker[at+1:], "-")
		part.width.min = width(least)
		if found {
			part.width.max = width(most)
		}
	}
	modifier := ""
	if n := len(presentation); n > 1 && strings.IndexByte("atco", presentation[n-1]) >= 0 {
		presentation, modifier = presentation[:n-1], presentation[n-1:]
		part.zulu = modifier == "t"
	}
	if presentation == "" {
		ok := false
		if presentation, ok = presentations[part.component]; !ok {
			return part, fail("D3132", value.String(marker[:1]))
		}
	}
	switch {
	case presentation[0] == 'n':
		part.named, part.names = true, lowerCase
	case strings.HasPrefix(presentation, "Nn"):
		part.named, part.names = true, titleCase
	case presentation[0] == 'N':
		part.named, part.names = true, upperCase
	case strings.IndexByte("YMDdFWwXxHhmsf", part.component) >= 0:
		if modifier != "" {
			presentation += ";" + modifier
		}
		return part, part.integers(presentation)
	}
	if part.component == 'Z' || part.component == 'z' {
		part.integer, err = integerPictureOf(presentation)
	}
	return part, err
}

// width reads a width; * and what is no number are none.
func width(s string) int {
	if f := parseInt(s); !math.IsNaN(f) {
		return int(max(0, min(f, 100)))
	}
	return 0
}

// integers settles how the number of a component is written.
func (part *timePart) integers(presentation string) *Error {
	p, err := integerPictureOf(presentation)
	if err != nil {
		return err
	}
	part.integer = p
	p.mandatory = max(p.mandatory, part.width.min)
	if strings.IndexByte("YMD", part.component) < 0 {
		return nil
	}
	if part.width.max > 0 {
		part.digits = part.width.max
		p.mandatory = part.digits
	} else if w := p.mandatory + p.optional; w >= 2 {
		part.digits = w
	}
	return nil
}

var (
	monthNames = []string{
		"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
	}
	dayNames = []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
)

// nameList returns the names of a component and whether it has any.
func (part *timePart) nameList() ([]string, bool) {
	switch part.component {
	case 'M', 'x':
		return monthNames, true
	case 'F':
		return dayNames, true
	}
	return nil, false
}
