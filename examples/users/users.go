// Package users imports users from a CSV file in Amazon S3: a distributed Map
// with typed rows, which runs an execution of its own for each of them.
package users

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// A File is what we import, and for whom.
type File struct {
	Bucket dsl.String `json:"bucket"`
	Key    dsl.String `json:"key"`
	Tenant dsl.String `json:"tenant"`
}

// A Row of the file. All columns of a CSV file are text; they are converted.
type Row struct {
	Email  dsl.String               `json:"email"`
	Age    dsl.Int                  `json:"age"`
	Active dsl.Bool                 `json:"active"`
	Phone  dsl.Optional[dsl.String] `json:"phone"`
}

// A User belongs to a tenant.
type User struct {
	Tenant dsl.String `json:"tenant"`
	Row
}

// An Account is what became of a user.
type Account struct {
	ID dsl.String `json:"id"`
}

// A Report says how many accounts there are now.
type Report struct {
	Created dsl.Int `json:"created"`
}

// CreateAccount makes an account, or finds the one that is there.
var CreateAccount = dsl.Lambda[User, Account]("create-account").Named("Create account").Idempotent()

// Import creates an account for each row of a file. The tenant comes from the
// code around the Map: the compiler hands it to each of the executions.
var Import = dsl.Standard("Import", func(f *dsl.Flow, file File) Report {
	accounts := dsl.Map(f, "Rows", dsl.CSV[Row](file.Bucket, file.Key), func(f *dsl.Flow, row Row) Account {
		return CreateAccount.Call(f, User{Tenant: file.Tenant, Row: row})
	}, dsl.Distributed(), dsl.MaxConcurrency(500), dsl.Label("rows"))
	return Report{Created: dsl.Len(accounts)}
})
