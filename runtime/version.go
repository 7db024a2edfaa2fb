package runtime

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/runtime/standard"
)

// A Route sends a share of the starts of an alias to a version. The weights of an
// alias add up to 100.
type Route = standard.Route

// A Version is what a machine was when it was published. Its definition is told by
// [Engine.DescribeMachine].
type Version = standard.Version

// An Alias is a name for one version of a machine, or for two that share the
// starts.
type Alias = standard.Alias

// Versions lists the versions of a machine, given by its name or ARN, the newest
// first.
func (e *Engine) Versions(_ context.Context, machine string) ([]*Version, error) {
	return e.standard.Versions(machine)
}

// Aliases lists the aliases of a machine, given by its name or ARN, in the order
// in which they were made.
func (e *Engine) Aliases(_ context.Context, machine string) ([]*Alias, error) {
	return e.standard.Aliases(machine)
}

// PublishVersion makes what a machine is now a version that never changes, and
// returns its ARN, which [Engine.Start] takes. A machine that has not changed
// since its last version gives that one.
func (e *Engine) PublishVersion(ctx context.Context, machine, description string) (arn string, err error) {
	return e.standard.PublishVersion(ctx, machine, description)
}

// DeleteVersion deletes a version, given by its ARN, unless an alias refers to it.
func (e *Engine) DeleteVersion(ctx context.Context, arn string) error {
	return e.standard.DeleteVersion(ctx, arn)
}

// SetAlias creates or changes an alias of a machine: a name for one version, or
// for two that share the starts. It returns the alias's ARN.
func (e *Engine) SetAlias(ctx context.Context, machine, name string, routes ...Route) (arn string, err error) {
	return e.standard.SetAlias(ctx, machine, name, routes...)
}

// DeleteAlias deletes an alias, given by its ARN.
func (e *Engine) DeleteAlias(ctx context.Context, arn string) error {
	return e.standard.DeleteAlias(ctx, arn)
}
