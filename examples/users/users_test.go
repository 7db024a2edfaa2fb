package users_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	flow "github.com/stepsmith-dev/stepsmith/examples/users/usersflow"
	"github.com/stepsmith-dev/stepsmith/runtime/objects"
	"github.com/stepsmith-dev/stepsmith/runtime/wftest"
)

func TestImport(t *testing.T) {
	t.Parallel()
	buckets, err := objects.OpenFolder("buckets")
	if err != nil {
		t.Fatal(err)
	}
	defer buckets.Close()
	var stub flow.Stub
	stub.CreateAccount.Returns(flow.Account{ID: "1"})
	run := wftest.New(t, flow.Import).Objects(buckets).HandleAll(&stub).
		Run(flow.File{Bucket: "crm", Key: "new.csv", Tenant: "acme"})
	if got := run.Succeeded().Created; got != 3 {
		t.Errorf("created %d accounts, want 3", got)
	}
	got := stub.CreateAccount.Calls()
	slices.SortFunc(got, func(a, b flow.User) int { return strings.Compare(a.Email, b.Email) })
	phone := "+1 555 0100"
	want := []flow.User{
		{Tenant: "acme", Row: flow.Row{Email: "ada@example.com", Age: 36, Active: true}},
		{Tenant: "acme", Row: flow.Row{Email: "barbara@example.com", Age: 84, Active: true}},
		{Tenant: "acme", Row: flow.Row{Email: "grace@example.com", Age: 85, Phone: &phone}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestNoFile(t *testing.T) {
	t.Parallel()
	run := wftest.New(t, flow.Import).Objects(new(objects.Memory)).Run(flow.File{Bucket: "crm", Key: "nothing.csv"})
	run.Failed("States.ItemReaderFailed")
}
