package interp

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
)

// A source draws everything random in an execution, from the seed that the
// driver gave.
type source struct{ pcg rand.PCG }

func newSource(seed [2]uint64) source {
	var s source
	s.pcg.Seed(seed[0], seed[1])
	return s
}

// Float64 returns a number from 0 up to 1.
func (s *source) Float64() float64 { return float64(s.pcg.Uint64()>>11) / (1 << 53) }

// token returns a new task token. Who has one learns nothing about the source,
// hence nothing about other tokens.
func (s *source) token() string {
	var raw [32]byte
	for i := 0; i < len(raw); i += 8 {
		binary.BigEndian.PutUint64(raw[i:], s.pcg.Uint64())
	}
	sum := sha256.Sum256(raw[:])
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}
