// Package beside measures Standard executions and other durable engines on the
// same chain of five tasks in the same run:
//
//	go test -bench . -benchtime 3s
//
// STEPSMITH_POSTGRES is the URL of a PostgreSQL database for DBOS, which is left
// out without it: its v0.9.0 knows no SQLite.
package beside
