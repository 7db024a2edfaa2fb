// Package intake takes orders in: an Express workflow with optional fields,
// enums, sums over lists and an early end.
package intake

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import "github.com/stepsmith-dev/stepsmith/dsl"

// An Order as it comes from the shop.
type Order struct {
	ID     dsl.String               `json:"id"`
	Tier   dsl.Enum[Tier]           `json:"tier"`
	Lines  dsl.List[Line]           `json:"lines"`
	Coupon dsl.Optional[dsl.String] `json:"coupon"`
}

// A Line is one position of an order.
type Line struct {
	SKU   dsl.String `json:"sku"`
	Qty   dsl.Int    `json:"qty"`
	Price dsl.Float  `json:"price"`
}

// A Tier is how dear a customer is to us.
type Tier string

// The tiers.
const (
	Basic Tier = "BASIC"
	Gold  Tier = "GOLD"
)

// A Discount is what a coupon is worth, in percent.
type Discount struct {
	Percent dsl.Float `json:"percent"`
}

// A Ticket goes to the warehouse.
type Ticket struct {
	Order    dsl.String               `json:"order"`
	SKUs     dsl.List[dsl.String]     `json:"skus"`
	Total    dsl.Float                `json:"total"`
	Priority dsl.Bool                 `json:"priority"`
	Coupon   dsl.Optional[dsl.String] `json:"coupon"`
}

// An Ack is what the shop is told.
type Ack struct {
	Accepted dsl.Bool  `json:"accepted"`
	Total    dsl.Float `json:"total"`
}

var (
	// LookUp finds out what a coupon is worth.
	LookUp = dsl.Lambda[dsl.String, Discount]("look-up-coupon").Named("Look up coupon").Idempotent()
	// Enqueue hands the order to the warehouse, which knows orders by their id.
	Enqueue = dsl.Lambda[Ticket, dsl.None]("enqueue").Named("Enqueue").Idempotent()
)

// Intake prices an order and hands it to the warehouse.
var Intake = dsl.Express("Intake", func(f *dsl.Flow, order Order) Ack {
	dsl.If(f, "Empty?", dsl.Eq(dsl.Len(order.Lines), 0), func(f *dsl.Flow) {
		dsl.Succeed(f, "Nothing to do", Ack{Accepted: dsl.V(false), Total: dsl.V(0.0)})
	})
	percent := dsl.Switch[dsl.Float](f, "Coupon?").
		Case(order.Coupon.Present(), func(f *dsl.Flow) dsl.Float { return LookUp.Call(f, order.Coupon.Must()).Percent }).
		Default(func(f *dsl.Flow) dsl.Float { return dsl.V(0.0) })
	sum := dsl.Sum(dsl.Select(order.Lines, func(l Line) dsl.Float { return dsl.Mul(l.Price, l.Qty) }))
	total := dsl.Var(f, "total", dsl.Mul(sum, dsl.Sub(dsl.V(1.0), dsl.Div(percent, 100)))).Get()
	wanted := dsl.Filter(order.Lines, func(l Line) dsl.Bool { return dsl.Gt(l.Qty, 0) })
	Enqueue.Call(f, Ticket{
		Order: order.ID, Total: total, Priority: dsl.Eq(order.Tier, Gold), Coupon: order.Coupon,
		SKUs: dsl.Select(wanted, func(l Line) dsl.String { return l.SKU }),
	})
	return Ack{Accepted: dsl.V(true), Total: total}
})
