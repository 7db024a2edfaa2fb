package users

import (
	"context"

	"github.com/stepsmith-dev/stepsmith/examples/users/userstask"
)

// Tasks makes an account of each user, named after the address.
var Tasks = userstask.Tasks{
	CreateAccount: func(_ context.Context, u userstask.User) (userstask.Account, error) {
		return userstask.Account{ID: u.Tenant + "/" + u.Email}, nil
	},
}
