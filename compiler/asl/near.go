package asl

import "strings"

// mostNames is among how many names one is looked for that was meant.
const mostNames = 1000

// closest returns the name that somebody most probably meant who wrote another
// one, and "" when none is near.
func closest(wrote string, names []string) string {
	if len(names) > mostNames {
		return ""
	}
	best, least := "", len(wrote)/3+1
	if len(wrote) < 3 {
		least = 0
	}
	for _, name := range names {
		if name == "" || name == wrote {
			continue
		}
		if strings.EqualFold(name, wrote) {
			return name
		}
		if d := distance(strings.ToLower(wrote), strings.ToLower(name), least+1); d <= least && (best == "" || d < least) {
			best, least = name, d
		}
	}
	return best
}

// distance counts the letters to insert, delete, replace or swap to get from one
// word to the other. It gives up at limit.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	for j := range rows[1] {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, row := rows[(i-1)%3], rows[i%3], rows[(i+1)%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}
