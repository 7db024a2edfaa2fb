package asl

import "math"

// spanOf returns the numbers that a comparison lets through.
func spanOf(operator string, f float64) span {
	s := span{low: math.Inf(-1), high: math.Inf(1), bounded: true}
	switch operator {
	case "NumericEquals":
		s.low, s.high = f, f
	case "NumericLessThan":
		s.high, s.highOpen = f, true
	case "NumericLessThanEquals":
		s.high = f
	case "NumericGreaterThan":
		s.low, s.lowOpen = f, true
	case "NumericGreaterThanEquals":
		s.low = f
	default:
		s.bounded = false
	}
	return s
}

// holds reports whether all numbers of o are in s.
func (s span) holds(o span) bool {
	if !s.bounded || !o.bounded {
		return false
	}
	low := s.low < o.low || s.low == o.low && (!s.lowOpen || o.lowOpen)
	high := s.high > o.high || s.high == o.high && (!s.highOpen || o.highOpen)
	return low && high
}
