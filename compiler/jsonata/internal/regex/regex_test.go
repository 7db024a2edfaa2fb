package regex

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

func match(t testing.TB, pattern, flags, text string) string {
	t.Helper()
	p, err := Compile(pattern, flags)
	if err != nil {
		return err.Error()
	}
	units := utf16.Encode([]rune(text))
	steps := 100_000
	places, err := p.Match(units, 0, &steps)
	if err != nil {
		return err.Error()
	}
	if places == nil {
		return "none"
	}
	var b strings.Builder
	for i := 0; i < len(places); i += 2 {
		if i > 0 {
			b.WriteByte('|')
		}
		if places[i] < 0 {
			b.WriteByte('-')
			continue
		}
		b.WriteString(string(utf16.Decode(units[places[i]:places[i+1]])))
	}
	return fmt.Sprintf("%d %s", places[0], b.String())
}

// TestMatch shows what JavaScript does, the whole match and the groups behind
// its position.
func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct{ pattern, flags, text, want string }{
		{`abc`, ``, `xxabcabc`, `2 abc`},
		{`a|ab`, ``, `ab`, `0 a`},
		{`a*?b`, ``, `aaab`, `0 aaab`},
		{`(a+)(b+)?`, ``, `xaac`, `1 aa|aa|-`},
		{`a{2,3}`, ``, `aaaa`, `0 aaa`},
		{`a{2,3}?`, ``, `aaaa`, `0 aa`},
		{`a{,2}`, ``, `a{,2}`, `0 a{,2}`},
		{`x{`, ``, `x{`, `0 x{`},
		{`[^]]`, ``, `]a]`, `1 a]`}, // anything, then a bracket
		{`[a-c\d]+`, ``, `xb2-`, `1 b2`},
		{`[\w-.]+`, ``, `*a-.`, `1 a-.`},
		{`.`, ``, "\n\u2028x", `2 x`},
		{`\s+`, ``, "a\u00a0\ufeff b", "1 \u00a0\ufeff "},
		{`^b`, `m`, "a\nb", `2 b`},
		{`^b`, ``, "a\nb", `none`},
		{`a$`, `m`, "a\nb", `0 a`},
		{`\bfoo\b`, ``, `a foo.`, `2 foo`},
		{`o\B`, ``, `foo`, `1 o`},
		{`É`, `i`, `é`, `0 é`},
		{`[^a]`, `i`, `Ab`, `1 b`},
		{`k`, `i`, "\u212a", `none`},
		{`(a)|b`, ``, `b`, `0 b|-`},
		{`(?:(a)|b)*`, ``, `ab`, `0 ab|-`}, // groups are forgotten each time around
		{`(z)((a+)?(b+)?(c))*`, ``, `zaacbbbcac`, `0 zaacbbbcac|z|ac|a|-|c`},
		{`(a*)*`, ``, `b`, `0 |-`},
		{`(?=(a+))a*b\1`, ``, `baaabac`, `3 aba|a`},
		{`(.*?)a(?!(a+)b\2c)\2(.*)`, ``, `baaabaac`, `0 baaabaac|ba|-|abaac`},
		{`(?<=\$)\d+(\.\d*)?`, ``, `$10.53`, `1 10.53|.53`},
		{`(?<!\$)\b\d+`, ``, `$1 23`, `3 23`},
		{`(?<=(\d+)(\d+))$`, ``, `1053`, `4 |1|053`},
		{`(?<y>\d{4})-\k<y>`, ``, `2020-2020`, `0 2020-2020|2020`},
		{`\2(a)`, ``, "\x02a", "0 \x02a|a"},
		{`(a)\1`, `i`, `aA`, `0 aA|a`},
		{`\u0041\x42\cJ\0\/`, ``, "AB\n\x00/", "0 AB\n\x00/"},
		{`^.$`, ``, `😀`, `none`}, // two units
		{`(`, ``, ``, `Invalid regular expression: /(/: Unterminated group`},
		{`a)`, ``, ``, `Invalid regular expression: /a)/: Unmatched ')'`},
		{`*a`, ``, ``, `Invalid regular expression: /*a/: Nothing to repeat`},
		{`a**`, ``, ``, `Invalid regular expression: /a**/: Nothing to repeat`},
		{`[b-a]`, ``, ``, `Invalid regular expression: /[b-a]/: Range out of order in character class`},
		{`a{2,1}`, ``, ``, `Invalid regular expression: /a{2,1}/: numbers out of order in {} quantifier`},
		{`[a`, ``, ``, `Invalid regular expression: /[a/: Unterminated character class`},
		{`(?<a>x)\k<b>`, ``, ``, `Invalid regular expression: /(?<a>x)\k<b>/: Invalid named capture referenced`},
		{`(a+)+\1b`, ``, strings.Repeat("a", 40), ErrBudget.Error()},
		{`(a+)+b`, ``, strings.Repeat("a", 4000), `none`},
	}
	for _, test := range tests {
		if got := match(t, test.pattern, test.flags, test.text); got != test.want {
			t.Errorf("/%s/%s in %q: got %q, want %q", test.pattern, test.flags, test.text, got, test.want)
		}
	}
}

// FuzzMatch checks that matching ends, and that it agrees with RE2 where the two
// mean the same.
func FuzzMatch(f *testing.F) {
	f.Add(`(a|b)*c?d+`, "abcabd")
	f.Add(`(?=a)(?<!b)\1[^a-z]{2,3}?`, "xaA1")
	f.Add(`(?<n>x)\k<n>|\u00e9\cA[\b\w-]$`, "xx")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		p, err := Compile(pattern, "")
		if err != nil {
			return
		}
		units := utf16.Encode([]rune(text))
		steps := 1_000_000
		places, err := p.Match(units, 0, &steps)
		if err != nil && !errors.Is(err, ErrBudget) {
			t.Fatal(err)
		}
		if err != nil || !simple(pattern) || !simple(text) {
			return
		}
		re2, failure := regexp.Compile(pattern)
		if failure != nil {
			return
		}
		want := re2.FindStringIndex(text)
		if (want == nil) != (places == nil) || want != nil && (want[0] != places[0] || want[1] != places[1]) {
			t.Fatalf("/%s/ in %q: got %v, RE2 has %v", pattern, text, places, want)
		}
	})
}

// simple reports whether a text has nothing that RE2 and JavaScript differ about.
func simple(s string) bool {
	for i := range len(s) {
		if strings.IndexByte("abcdxyz0189|()*+?^$ ", s[i]) < 0 {
			return false
		}
	}
	return !strings.Contains(s, "(?") && !strings.Contains(s, "**") && !strings.Contains(s, "*)*")
}
