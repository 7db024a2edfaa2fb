package lower

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/stepsmith-dev/stepsmith/dsl/spec"
)

// A namer gives workflow variables readable names that no other variable of the
// machine has: inner scopes must not reuse the outer ones' names.
type namer struct {
	taken map[string]bool
}

// functions are the names that an expression needs for JSONata's own functions
// and for AWS's.
const functions = ` states abs append assert average base64decode base64encode boolean ceil clone contains count
decodeUrl decodeUrlComponent distinct each encodeUrl encodeUrlComponent error eval exists filter floor formatBase
formatInteger formatNumber fromMillis hash join keys length lookup lowercase map match max merge millis min not now
number pad parse parseInteger partition power random range reduce replace reverse round shuffle sift single sort split
spread sqrt string substring substringAfter substringBefore sum toMillis trim type uppercase uuid zip `

func newNamer() *namer {
	n := &namer{taken: make(map[string]bool)}
	for _, f := range strings.Fields(functions) {
		n.taken[f] = true
	}
	return n
}

// name chooses the first free one of the source's names.
func (n *namer) name(s *spec.Source) string {
	names := candidates(s)
	for _, name := range names {
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
	last := names[len(names)-1]
	for i := 2; ; i++ {
		if name := fmt.Sprintf("%s%d", last, i); !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

// param chooses a name for the parameter of a lambda, which neither a workflow
// variable has nor a parameter of the lambdas around it.
func (n *namer) param(s *spec.Source, around map[*spec.Source]string) string {
	free := func(name string) bool {
		if n.taken[name] {
			return false
		}
		for _, other := range around {
			if other == name {
				return false
			}
		}
		return true
	}
	names := candidates(s)
	for _, name := range names {
		if free(name) {
			return name
		}
	}
	for i := 2; ; i++ {
		if name := fmt.Sprintf("%s%d", names[0], i); free(name) {
			return name
		}
	}
}

// candidates are the source's names, the best first: the user's own, that of its
// type, that of the state which it comes from.
func candidates(s *spec.Source) []string {
	var names []string
	add := func(text string) {
		if name := identifier(text); name != "" {
			names = append(names, name)
		}
	}
	switch s.Kind {
	case spec.FromVariable:
		add(s.Name)
		add(s.Name + " value")
	case spec.FromMoment:
		add(map[string]string{"now": "time", "uuid": "id", "random": "randomNumber"}[s.Name])
	case spec.FromError:
		add("caught")
	case spec.FromItem:
		if s.Type != nil && s.Type.Kind == spec.Struct {
			typeName, _, _ := strings.Cut(s.Type.Name, "[")
			add(typeName)
		}
		add("item")
		add(s.Name)
	default:
		if s.Type != nil && s.Type.Kind == spec.Struct {
			typeName, _, _ := strings.Cut(s.Type.Name, "[")
			add(typeName)
		}
		add(s.Name)
	}
	if s.Kind == spec.FromParam && names != nil {
		return names
	}
	add(s.Name + " result")
	return append(names, "value")
}

// identifier makes a variable's name of a text: camel case, beginning in lower
// case, at most 60 characters.
func identifier(text string) string {
	var b strings.Builder
	upper := false
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r) && (!unicode.IsDigit(r) || b.Len() == 0):
			upper = b.Len() > 0
		case upper:
			b.WriteRune(unicode.ToUpper(r))
			upper = false
		default:
			b.WriteRune(r)
		}
		if b.Len() >= 60 {
			break
		}
	}
	return lowerFirst(b.String())
}

// lowerFirst lowers the first letter, or the whole of a leading abbreviation:
// "URLList" is "urlList".
func lowerFirst(name string) string {
	runes := []rune(name)
	for i, r := range runes {
		if !unicode.IsUpper(r) || i > 0 && i+1 < len(runes) && unicode.IsLower(runes[i+1]) {
			break
		}
		runes[i] = unicode.ToLower(r)
	}
	return string(runes)
}
