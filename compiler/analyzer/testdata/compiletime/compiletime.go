// Package compiletime does at compile time what was meant for run time.
package compiletime

import (
	"context"
	crand "crypto/rand"
	"fmt"
	"log"
	"maps"
	"math/rand"
	randv2 "math/rand/v2"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

type Ping struct {
	At dsl.Time   `json:"at"`
	ID dsl.String `json:"id"`
}

var Send = dsl.Lambda[Ping, dsl.None]("send").Idempotent()

var client = &http.Client{}

var Now = dsl.Standard("Now", func(f *dsl.Flow, id dsl.String) dsl.None {
	Send.Call(f, Ping{At: dsl.V(time.Now()), ID: id})              // want `time.Now gives the time at which the workflow is compiled`
	time.Sleep(time.Second)                                        // want `time.Sleep waits while the workflow is compiled`
	dsl.Wait(f, "Wait", time.Duration(rand.Intn(5)+1)*time.Second) // want `rand.Intn gives a value that is drawn when the workflow is compiled`
	fmt.Println(randv2.N(5), os.Getenv("STAGE"))                   // want `randv2.N gives` `fmt.Println runs when the workflow is compiled` `os.Getenv runs`
	crand.Read(nil)                                                // want `crand.Read gives`
	r := rand.New(rand.NewSource(1))
	dsl.Wait(f, "Stable", time.Duration(r.Int63())) // want `r.Int63 gives`
	dsl.If(f, "A?", dsl.Eq(id, "a"), func(f *dsl.Flow) {
		client.Do(nil)  // want `client.Do runs`
		log.Printf("a") // want `log.Printf runs`
		_ = stamp("x")  // want `stamp calls time.Now, which gives the time at which`
		_ = os.IsNotExist(nil)
		_ = fmt.Sprint("fine", time.Second.String())
	})
	return dsl.None{}
})

func stamp(s string) string { return s + inner() }

func inner() string { return time.Now().Format(time.RFC3339) }

var regions = map[string]string{"north": "N", "south": "S"}

var Ranges = dsl.Standard("Ranges", func(f *dsl.Flow, id dsl.String) dsl.None {
	for name := range regions { // want `the order of a Go map is random`
		Send.Named("Send "+name).Call(f, Ping{At: dsl.Now(f), ID: id})
	}
	for _, code := range maps.All(regions) { // want `the order of a Go map is random`
		helper(f, code, id)
	}
	longest := 0
	for name := range regions {
		longest = max(longest, len(name))
	}
	for _, name := range slices.Sorted(maps.Keys(regions)) {
		helper(f, name, id)
	}
	return dsl.None{}
})

func helper(f *dsl.Flow, name string, id dsl.String) {
	Send.Named("Send to "+name).Call(f, Ping{At: dsl.Now(f), ID: id})
}

// handle is no workflow function: it runs when the task does.
func handle(context.Context, struct{}) (time.Time, error) { return time.Now(), nil }

var _ = handle
