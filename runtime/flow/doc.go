// Package flow is the rim of generated code: what the packages that stepsmith
// generate writes are made of.
//
// It makes handlers of typed functions, scripts tasks for tests, gives declared
// errors their names and causes, and reads and writes documents strictly. It
// knows no engine, so that a program that only does tasks, such as a Lambda
// function, links none.
package flow
