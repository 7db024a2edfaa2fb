package jsonata

import (
	"math"
	"regexp"
	"strings"
)

// Numbers in English words.

var (
	fewWords = []string{
		"Zero", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve",
		"Thirteen", "Fourteen", "Fifteen", "Sixteen", "Seventeen", "Eighteen", "Nineteen",
	}
	ordinalWords = []string{
		"Zeroth", "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth", "Eleventh",
		"Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth", "Eighteenth", "Nineteenth",
	}
	decadeWords    = []string{"Twenty", "Thirty", "Forty", "Fifty", "Sixty", "Seventy", "Eighty", "Ninety", "Hundred"}
	magnitudeWords = []string{"Thousand", "Million", "Billion", "Trillion"}
)

func toWords(f float64, ordinal bool) string { return words(f, false, ordinal) }

// words writes a number. What comes behind other words is joined to them.
func words(f float64, behind, ordinal bool) string {
	join := func(joint, text string) string {
		if behind {
			return joint + text
		}
		return text
	}
	switch {
	case f <= 19:
		if ordinal {
			return join(" and ", ordinalWords[int(f)])
		}
		return join(" and ", fewWords[int(f)])
	case f < 100:
		text := join(" and ", decadeWords[int(f)/10-2])
		if rest := int(f) % 10; rest > 0 {
			return text + "-" + words(float64(rest), false, ordinal)
		}
		if ordinal {
			return text[:len(text)-1] + "ieth"
		}
		return text
	case f < 1000:
		text := join(", ", fewWords[int(f)/100]+" Hundred")
		return text + restWords(float64(int(f)%100), ordinal)
	}
	magnitude := min(int(math.Floor(math.Log10(f)/3)), len(magnitudeWords))
	factor := math.Pow(10, float64(3*magnitude))
	count := math.Floor(f / factor)
	text := join(", ", words(count, false, false)+" "+magnitudeWords[magnitude-1])
	return text + restWords(f-count*factor, ordinal)
}

func restWords(rest float64, ordinal bool) string {
	if rest > 0 {
		return words(rest, true, ordinal)
	}
	if ordinal {
		return "th"
	}
	return ""
}

// wordValues are what words are worth, in lower case.
var wordValues = func() map[string]float64 {
	values := map[string]float64{}
	for i := range fewWords {
		values[strings.ToLower(fewWords[i])] = float64(i)
		values[strings.ToLower(ordinalWords[i])] = float64(i)
	}
	for i, word := range decadeWords {
		word = strings.ToLower(word)
		values[word] = float64(i+2) * 10
		values[word[:len(word)-1]+"ieth"] = float64(i+2) * 10
	}
	values["hundredth"] = 100
	for i, word := range magnitudeWords {
		word = strings.ToLower(word)
		values[word] = math.Pow(10, float64(3*(i+1)))
		values[word+"th"] = values[word]
	}
	return values
}()

var wordJoints = regexp.MustCompile(`,\s|\sand\s|[\s\\-]`)

// fromWords reads a number in lower case words, NaN where there is an unknown
// one.
func fromWords(s string) float64 {
	segments := []float64{0}
	for _, word := range wordJoints.Split(s, -1) {
		v, ok := wordValues[word]
		if !ok {
			return math.NaN()
		}
		last := &segments[len(segments)-1]
		switch {
		case v >= 100:
			*last *= v
		case *last >= 1000:
			segments = append(segments, v)
		default:
			*last += v
		}
	}
	total := 0.0
	for _, segment := range segments {
		total += segment
	}
	return total
}
