// Package orders checks, charges and ships an order: checks in parallel, a
// choice, retries, a refund when shipping fails after the charge, and a Map.
package orders

//go:generate go run github.com/stepsmith-dev/stepsmith/cmd/stepsmith generate

import (
	"time"

	"github.com/stepsmith-dev/stepsmith/dsl"
)

// An Order is what a customer sends us.
type Order struct {
	ID       dsl.String     `json:"id"`
	Customer dsl.String     `json:"customer"`
	Items    dsl.List[Item] `json:"items"`
	Total    dsl.Float      `json:"total"`
}

// An Item is one line of an order.
type Item struct {
	SKU dsl.String `json:"sku"`
	Qty dsl.Int    `json:"qty"`
}

// Stock says how much of an order can be had.
type Stock struct {
	Available dsl.Int `json:"available"`
}

// Credit says how far a customer can be trusted.
type Credit struct {
	Score dsl.Int `json:"score"`
}

// Checks is what we know before we charge.
type Checks struct {
	Stock  Stock  `json:"stock"`
	Credit Credit `json:"credit"`
}

// A ChargeRequest asks for money.
type ChargeRequest struct {
	Customer dsl.String `json:"customer"`
	Amount   dsl.Float  `json:"amount"`
	Currency dsl.String `json:"currency"`
}

// A Receipt proves a payment.
type Receipt struct {
	Number dsl.String `json:"number"`
}

// A Parcel is packed.
type Parcel struct {
	Box dsl.Int    `json:"box"`
	SKU dsl.String `json:"sku"`
}

// A Shipment is on its way.
type Shipment struct {
	Order   dsl.String       `json:"order"`
	Receipt dsl.String       `json:"receipt"`
	Parcels dsl.List[Parcel] `json:"parcels"`
}

// The errors of the workflow and of its tasks.
const (
	CardDeclined = dsl.ErrorName("CardDeclined")
	Throttled    = dsl.ErrorName("Throttled")
	OutOfBoxes   = dsl.ErrorName("OutOfBoxes")
	Rejected     = dsl.ErrorName("Rejected")
	NotShipped   = dsl.ErrorName("NotShipped")
)

var (
	CheckStock  = dsl.Lambda[Order, Stock]("check-stock").Named("Check stock").Idempotent()
	CheckCredit = dsl.Lambda[Order, Credit]("check-credit").Named("Check credit").Idempotent()
	// Charge takes the money. It must never run twice.
	Charge = dsl.Lambda[ChargeRequest, Receipt]("charge").Named("Charge").Throws(CardDeclined, Throttled).
		Retry(dsl.On(Throttled).Every(2 * time.Second).Max(5))
	Pack = dsl.Lambda[Item, Parcel]("pack").Named("Pack").Throws(OutOfBoxes).Idempotent()
	// Refund gives the money back, however long it takes.
	Refund = dsl.Lambda[Receipt, dsl.None]("refund").Named("Refund").Idempotent().
		Retry(dsl.On(dsl.AllErrors).Every(time.Second).Max(10).UpTo(time.Minute).Jitter())
)

// Fulfil checks, charges and ships an order.
var Fulfil = dsl.Standard("Fulfil", func(f *dsl.Flow, order Order) Shipment {
	checks := dsl.Parallel(f, "Run checks", func(p *dsl.Fork) Checks {
		return Checks{
			Stock:  dsl.Branch(p, func(f *dsl.Flow) Stock { return CheckStock.Call(f, order) }),
			Credit: dsl.Branch(p, func(f *dsl.Flow) Credit { return CheckCredit.Call(f, order) }),
		}
	})
	return dsl.Switch[Shipment](f, "Good to go?").
		Case(dsl.And(dsl.Gt(checks.Stock.Available, 0), dsl.Ge(checks.Credit.Score, 600)), func(f *dsl.Flow) Shipment {
			receipt := Charge.Call(f, ChargeRequest{Customer: order.Customer, Amount: dsl.Mul(order.Total, 1.2), Currency: dsl.V("EUR")})
			return dsl.Try(f,
				func(f *dsl.Flow) Shipment { return ship(f, order, receipt) },
				dsl.Catch(func(f *dsl.Flow, err dsl.Error) Shipment {
					Refund.Call(f, receipt)
					return dsl.Fail[Shipment](f, "Not shipped", NotShipped, err.Cause)
				}),
			)
		}).
		Default(func(f *dsl.Flow) Shipment {
			return dsl.Fail[Shipment](f, "Rejected", Rejected, "out of stock or bad credit")
		})
})

// ship packs all items of a paid order.
func ship(f *dsl.Flow, order Order, receipt Receipt) Shipment {
	parcels := dsl.Map(f, "Pack items", order.Items, func(f *dsl.Flow, item Item) Parcel {
		return Pack.Call(f, item)
	}, dsl.MaxConcurrency(5))
	return Shipment{Order: order.ID, Receipt: receipt.Number, Parcels: parcels}
}
