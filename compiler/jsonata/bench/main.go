// Command bench compares the speed of package jsonata with that of
// github.com/recolabs/gnata on the expressions that workflows are made of. It is
// a module of its own, to keep gnata out of the requirements of Stepsmith.
//
//	go run . [-runs 11] [-time 60ms] [-only text]
//
// The two take turns, so that what else the machine does hits both; what is
// printed are the medians of the runs. Both evaluate for a document that has been
// decoded, each with its own decoder.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/recolabs/gnata"
	"github.com/stepsmith-dev/stepsmith/compiler/jsonata"
	"github.com/stepsmith-dev/stepsmith/compiler/value"
)

const document = `{
	"order": {"id": "A-1047", "total": 129.5, "express": true,
		"customer": {"name": "Ada Lovelace", "city": "London", "vip": true}},
	"items": [
		{"sku": "a", "name": "apple", "price": 3, "qty": 2}, {"sku": "b", "name": "bread", "price": 4.5, "qty": 1},
		{"sku": "c", "name": "cheese", "price": 12, "qty": 3}, {"sku": "d", "name": "dates", "price": 20.25, "qty": 1},
		{"sku": "e", "name": "eggs", "price": 5, "qty": 12}, {"sku": "f", "name": "flour", "price": 2, "qty": 4},
		{"sku": "g", "name": "grapes", "price": 11, "qty": 2}, {"sku": "h", "name": "honey", "price": 30, "qty": 1},
		{"sku": "i", "name": "ice", "price": 1, "qty": 10}, {"sku": "j", "name": "jam", "price": 6.75, "qty": 5}
	],
	"defaults": {"currency": "EUR", "retries": 3}, "overrides": {"retries": 5, "region": "eu-west-1"}
}`

// expressions are the twelve that the speed goal names.
var expressions = []struct{ name, text string }{
	{"path", `order.customer.name`},
	{"comparison", `order.total > 100`},
	{"object of two", `{"id": order.id, "city": order.customer.city}`},
	{"sum of products", `$sum(items.(price * qty))`},
	{"filtered names", `items[price > 10].name`},
	{"four strings", `order.id & "/" & order.customer.name & "!"`},
	{"exists", `$exists(order.customer.name)`},
	{"map to objects", `$map(items, function($i) {{"sku": $i.sku, "cost": $i.price}})`},
	{"count", `$count(items)`},
	{"condition", `order.express ? "fast" : "slow"`},
	{"string of object", `$string(order)`},
	{"merge of two", `$merge([defaults, overrides])`},
}

func main() {
	runs := flag.Int("runs", 11, "how often each side is measured")
	span := flag.Duration("time", 60*time.Millisecond, "how long a measurement takes")
	only := flag.String("only", "", "measure only what has this in its name")
	flag.Parse()

	ours, err := value.Parse(document)
	if err != nil {
		log.Fatal(err)
	}
	theirs, err := gnata.DecodeJSON([]byte(document))
	if err != nil {
		log.Fatal(err)
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "expression\tjsonata ns\tallocs\tgnata ns\tallocs\tratio\t")
	for _, e := range expressions {
		if !strings.Contains(e.name, *only) {
			continue
		}
		a, b := jsonata.MustCompile(e.text), must(gnata.Compile(e.text))
		compare(out, e.name, *runs, *span,
			func() error { _, err := a.Eval(ours, nil); return err },
			func() error { _, err := b.Eval(context.Background(), theirs); return err })
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func must(e *gnata.Expression, err error) *gnata.Expression {
	if err != nil {
		log.Fatal(err)
	}
	return e
}

func compare(out *tabwriter.Writer, name string, runs int, span time.Duration, ours, theirs func() error) {
	var a, b []float64
	var allocsA, allocsB float64
	for range runs {
		ns, allocs := measure(span, ours)
		a, allocsA = append(a, ns), allocs
		ns, allocs = measure(span, theirs)
		b, allocsB = append(b, ns), allocs
	}
	ma, mb := median(a), median(b)
	fmt.Fprintf(out, "%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.2f\t\n", name, ma, allocsA, mb, allocsB, ma/mb)
}

// measure returns the nanoseconds and allocations of one evaluation.
func measure(span time.Duration, f func() error) (ns, allocs float64) {
	n := 0
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	for ; time.Since(start) < span; n += 64 {
		for range 64 {
			if err := f(); err != nil {
				log.Fatal(err)
			}
		}
	}
	elapsed := time.Since(start)
	runtime.ReadMemStats(&after)
	return float64(elapsed.Nanoseconds()) / float64(n), float64(after.Mallocs-before.Mallocs) / float64(n)
}

func median(x []float64) float64 {
	slices.Sort(x)
	return x[len(x)/2]
}
