package standard

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// A Version is what a machine was when it was published.
type Version struct {
	ARN         string
	Number      int64
	Description string
	Created     time.Time
}

// An Alias is a name for one version of a machine, or for two that share the
// starts.
type Alias struct {
	ARN, Name string
	Routes    []Route
	Created   time.Time
}

// Versions lists the versions of a machine, given by its name or ARN, the newest
// first.
func (e *Engine) Versions(name string) ([]*Version, error) {
	m, _, err := e.find(name)
	if err != nil {
		return nil, err
	}
	var list []*Version
	for _, v := range slices.Backward(m.known().Versions) {
		list = append(list, &Version{e.versionARN(m, v.Number), v.Number, v.Description, v.Created})
	}
	return list, nil
}

// Aliases lists the aliases of a machine, given by its name or ARN, in the order
// in which they were made.
func (e *Engine) Aliases(name string) ([]*Alias, error) {
	m, _, err := e.find(name)
	if err != nil {
		return nil, err
	}
	var list []*Alias
	for _, a := range m.known().Aliases {
		list = append(list, &Alias{m.arn + ":" + a.Name, a.Name, slices.Clone(a.Routes), a.Created})
	}
	return list, nil
}

// PublishVersion makes what a machine is now a version, and returns its ARN. A
// machine that has not changed since its last version gives that one.
func (e *Engine) PublishVersion(ctx context.Context, machine, description string) (arn string, err error) {
	m, f, release, err := e.edit(machine)
	if err != nil {
		return "", err
	}
	defer release()
	if n := len(f.Versions); n > 0 && f.Versions[n-1].Definition == f.Definition {
		return e.versionARN(m, f.Versions[n-1].Number), nil
	}
	f.LastNumber++
	f.Versions = append(slices.Clone(f.Versions), version{
		Number: f.LastNumber, Definition: f.Definition, Revision: f.Revision, Description: description, Created: e.now(),
	})
	return e.versionARN(m, f.LastNumber), e.save(m, f)
}

// DeleteVersion deletes a version, given by its ARN, unless an alias refers to it.
// Executions that were started with it keep their definition.
func (e *Engine) DeleteVersion(ctx context.Context, arn string) error {
	m, f, release, err := e.edit(arn)
	if err != nil {
		return err
	}
	defer release()
	_, qualifier, _ := e.find(arn)
	number, _ := strconv.ParseInt(qualifier, 10, 64)
	for _, a := range f.Aliases {
		if slices.ContainsFunc(a.Routes, func(r Route) bool { return r.Version == number }) {
			return refuse(ErrConflict, "Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [%s]", a.Name)
		}
	}
	f.Versions = slices.DeleteFunc(slices.Clone(f.Versions), func(v version) bool { return v.Number == number })
	return e.save(m, f)
}

var aliasName = regexp.MustCompile(`^[a-zA-Z0-9_\-.]*[a-zA-Z_\-.][a-zA-Z0-9_\-.]*$`)

// SetAlias creates or changes an alias of a machine: a name for one version, or
// for two, each of which gets a share of the starts.
func (e *Engine) SetAlias(ctx context.Context, machine, name string, routes ...Route) (arn string, err error) {
	m, f, release, err := e.edit(machine)
	if err != nil {
		return "", err
	}
	defer release()
	if len(name) > 80 || !aliasName.MatchString(name) {
		return "", refuse(ErrInvalidName, "Invalid Name: '%s'", name)
	}
	if err := f.checkRoutes(routes); err != nil {
		return "", err
	}
	f.Aliases = slices.Clone(f.Aliases)
	arn = m.arn + ":" + name
	for i := range f.Aliases {
		if f.Aliases[i].Name == name {
			f.Aliases[i].Routes = slices.Clone(routes)
			return arn, e.save(m, f)
		}
	}
	f.Aliases = append(f.Aliases, alias{Name: name, Routes: slices.Clone(routes), Created: e.now()})
	return arn, e.save(m, f)
}

func (f *facts) checkRoutes(routes []Route) error {
	sum, weights, known := 0, []int{}, make(map[int64]bool)
	for _, v := range f.Versions {
		known[v.Number] = true
	}
	for _, r := range routes {
		if !known[r.Version] {
			return refuse(ErrResourceNotFound, "Request references a resource that does not exist.")
		}
		known[r.Version] = false // not twice
		sum += r.Weight
		weights = append(weights, r.Weight)
		if r.Weight < 0 {
			sum = -1
			break
		}
	}
	if len(routes) < 1 || len(routes) > 2 || sum != 100 {
		return refuse(ErrValidation, "Sum of routing configuration weights must equal 100. Received: %v", weights)
	}
	return nil
}

// DeleteAlias deletes an alias, given by its ARN.
func (e *Engine) DeleteAlias(ctx context.Context, arn string) error {
	m, f, release, err := e.edit(arn)
	if err != nil {
		return err
	}
	defer release()
	_, name, _ := e.find(arn)
	f.Aliases = slices.DeleteFunc(slices.Clone(f.Aliases), func(a alias) bool { return a.Name == name })
	return e.save(m, f)
}

// edit returns a machine and a copy of its facts, which nobody else changes until
// release.
func (e *Engine) edit(name string) (m *machine, f facts, release func(), err error) {
	if err := e.usable(); err != nil {
		return nil, facts{}, nil, err
	}
	m, _, err = e.find(name)
	if err != nil {
		return nil, facts{}, nil, err
	}
	m.deploy.Lock()
	return m, m.known(), m.deploy.Unlock, nil
}

func (e *Engine) versionARN(m *machine, number int64) string {
	return m.arn + ":" + strconv.FormatInt(number, 10)
}
