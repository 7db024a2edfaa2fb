package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/stepsmith-dev/stepsmith/runtime/teststate"
)

// writeJSON prints JSON for people and for jq.
func writeJSON[T any](w io.Writer, v T) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeTested prints a response as lines of a name and a value.
func writeTested(w io.Writer, r *teststate.Response) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	line := func(name string, text *string) {
		if text != nil {
			fmt.Fprintf(table, "%s\t%s\n", name, oneLine(*text))
		}
	}
	if i := r.InspectionData; i != nil {
		for _, stage := range []struct {
			name string
			text *string
		}{
			{"input", i.Input}, {"after Arguments", i.AfterArguments}, {"after InputPath", i.AfterInputPath},
			{"after Parameters", i.AfterParameters}, {"after ItemsPointer", i.AfterItemsPointer},
			{"after ItemsPath", i.AfterItemsPath}, {"after ItemSelector", i.AfterItemSelector},
			{"after ItemBatcher", i.AfterItemBatcher}, {"result", i.Result},
			{"after ResultSelector", i.AfterResultSelector}, {"after ResultPath", i.AfterResultPath},
			{"max. concurrency", number(i.MaxConcurrency)}, {"tolerated failures", number(i.ToleratedFailureCount)},
			{"tolerated failures %", number(i.ToleratedFailurePercentage)}, {"variables", i.Variables},
		} {
			line(stage.name, stage.text)
		}
	}
	if i := r.InspectionData; i != nil && i.Request != nil {
		fmt.Fprintf(table, "request\t%s %s\n", i.Request.Method, i.Request.URL)
		line("request headers", &i.Request.Headers)
		line("request body", &i.Request.Body)
	}
	if i := r.InspectionData; i != nil && i.Response != nil {
		fmt.Fprintf(table, "response\t%s %s\n", i.Response.StatusCode, i.Response.StatusMessage)
		line("response headers", &i.Response.Headers)
		line("response body", &i.Response.Body)
	}
	line("output", r.Output)
	line("error", r.Error)
	line("cause", r.Cause)
	if i := r.InspectionData; i != nil && i.ErrorDetails != nil {
		line("Retry", number(i.ErrorDetails.RetryIndex))
		line("Retry after seconds", number(i.ErrorDetails.RetryBackoffIntervalSeconds))
		line("Catch", number(i.ErrorDetails.CatchIndex))
	}
	line("next state", r.NextState)
	fmt.Fprintf(table, "status\t%s\n", r.Status)
	return table.Flush()
}

func number[T any](n *T) *string {
	if n == nil {
		return nil
	}
	text := fmt.Sprint(*n)
	return &text
}

// oneLine shows a text in one line; JSON is made compact.
func oneLine(text string) string {
	var compact bytes.Buffer
	if json.Compact(&compact, []byte(text)) == nil {
		return compact.String()
	}
	return strings.ReplaceAll(text, "\n", " ")
}
