package standard

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// next makes the token of the page that goes on below an id. The checksum tells
// it from what somebody made up.
func next(id int64) string {
	b := binary.BigEndian.AppendUint64(nil, uint64(id))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.RawURLEncoding.EncodeToString(b)
}

func parseNext(token string) (id int64, err error) {
	if token == "" {
		return 0, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(b) != 12 || crc32.ChecksumIEEE(b[:8]) != binary.BigEndian.Uint32(b[8:]) {
		return 0, refuse(ErrInvalidToken, "Invalid Token: 'Invalid token'")
	}
	return int64(binary.BigEndian.Uint64(b)), nil
}
