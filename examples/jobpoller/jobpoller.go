// Package jobpoller is AWS's sample "Job Poller": submit a job, look every few
// seconds whether it is done, and fetch what came out.
package jobpoller

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// A Job is what we want done.
type Job struct {
	Name dsl.String `json:"name"`
	Wait dsl.Int    `json:"wait_time"` // seconds between two looks
}

// A Ticket names a submitted job.
type Ticket struct {
	ID dsl.String `json:"id"`
}

// A Progress is how far a job is.
type Progress struct {
	Status dsl.Enum[JobStatus] `json:"status"`
}

// A JobStatus is what AWS Batch says about a job.
type JobStatus string

// The states of a job.
const (
	Running   JobStatus = "RUNNING"
	Succeeded JobStatus = "SUCCEEDED"
	Failed    JobStatus = "FAILED"
)

// JobFailed is how the workflow fails when the job did.
const JobFailed = dsl.ErrorName("JobFailed")

var (
	SubmitJob = dsl.Lambda[Job, Ticket]("submit-job").Named("Submit Job")
	GetStatus = dsl.Lambda[Ticket, Progress]("get-job-status").Named("Get Job Status").Idempotent()
	GetFinal  = dsl.Lambda[Ticket, Progress]("get-job-status").Named("Get Final Job Status").Idempotent()
)

// JobPoller submits a job and waits until it is done.
var JobPoller = dsl.Standard("Job Poller", func(f *dsl.Flow, job Job) Progress {
	ticket := SubmitJob.Call(f, job)
	return dsl.Repeat(f, func(f *dsl.Flow, loop *dsl.Loop[Progress]) {
		dsl.Wait(f, "Wait X Seconds", job.Wait)
		status := GetStatus.Call(f, ticket).Status
		dsl.If(f, "Job Complete?", dsl.Eq(status, Failed), func(f *dsl.Flow) {
			f.Fail("Job Failed", JobFailed, dsl.V("AWS Batch Job Failed"))
		}).ElseIf(dsl.Eq(status, Succeeded), func(f *dsl.Flow) {
			loop.Break(f, GetFinal.Call(f, ticket))
		})
	})
})
