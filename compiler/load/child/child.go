// Package child is the part of package load that runs inside the user's
// program: a program made of the packages to evaluate, this package, and one
// virtual file in each of them, which registers its workflows and handlers.
//
// Package load carries the source of this package and lays it, under another
// import path, into the user's module with an overlay. So it works with vendored
// dependencies and whatever version of the library the user has, as long as it
// imports nothing but the standard library and, in handlers.go, runtime/task;
// that file is left out of a program that has no handlers.
package child

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
)

// registry is what the virtual files registered. An init function has nobody to
// hand things to, hence a variable; all of them have run, one after another,
// when [Serve] first reads it.
var registry struct {
	workflows map[key]any
	handlers  map[key]handlers
}

// key names a package-level variable.
type key struct{ pkg, variable string }

// Workflow registers a variable that holds a workflow: a pointer to it, since
// the variable may still be given its value by an init function of the user's.
func Workflow(pkg, variable string, pointer any) {
	if registry.workflows == nil {
		registry.workflows = make(map[key]any)
	}
	registry.workflows[key{pkg, variable}] = pointer
}

// traces is how often a workflow function is traced, to find out whether it
// gives the same record each time. Ranging over a map with two keys gives the
// same order four times in a row once in eight.
const traces = 4

// trace evaluates a workflow and returns its record in JSON, and whether it came
// out the same each time.
func trace(pkg, variable string) (record []byte, stable bool, err error) {
	pointer, ok := registry.workflows[key{pkg, variable}]
	if !ok {
		return nil, false, fmt.Errorf("no workflow %s in package %s", variable, pkg)
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("tracing panicked: %v", r)
		}
	}()
	v := reflect.ValueOf(pointer).Elem()
	if kind := v.Kind(); (kind == reflect.Interface || kind == reflect.Pointer) && v.IsNil() {
		return nil, false, fmt.Errorf("the variable is nil")
	}
	if v.Kind() != reflect.Interface && v.Kind() != reflect.Pointer {
		v = v.Addr()
	}
	method := v.MethodByName("Trace")
	stable = true
	for i := range traces {
		again, err := json.Marshal(method.Call(nil)[0].Interface())
		if err != nil {
			return nil, false, err
		}
		if i == 0 {
			record = again
		}
		stable = stable && bytes.Equal(record, again)
	}
	return record, stable, nil
}
