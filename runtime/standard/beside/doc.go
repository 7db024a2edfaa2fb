// Package beside measures Standard executions and other durable engines in the
// same run and on the same work, a chain of five tasks that is started and waited
// for. In this folder:
//
//	go test -bench . -benchtime 3s && go -C dbos test -bench . -benchtime 3s
//
// What is on SQLite has one driver, WAL and synchronous=FULL, and is measured again
// with a slow disk.
//
// DBOS is there twice. Its v0.9.0 knows PostgreSQL only, and is left out unless
// STEPSMITH_POSTGRES has the URL of an empty database. Later ones take SQLite; the
// folder dbos is a module with one of those, since a module has one version.
package beside
