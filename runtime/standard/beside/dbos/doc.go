// Package dbos measures DBOS on a SQLite file; see package beside.
package dbos
