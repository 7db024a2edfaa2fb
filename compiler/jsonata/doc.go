// Package jsonata is the query language JSONata, version 2.0.6, the one that
// AWS Step Functions runs. It is shaped like package regexp: [Compile] reads an
// expression once, [Expr.Eval] evaluates it as often as one likes, from as many
// goroutines as one likes.
//
// The meaning of every expression, the codes of its errors, the tokens and
// positions in them and their texts are those of jsonata-js 2.0.6; where that
// version hangs or fails with an internal error, those of 2.2.2. The operators
// ?? and ?: came with 2.1 and are refused.
//
// What differs, on purpose: objects keep the order in which they were written,
// also of keys that are numbers. The insides of functions cannot be seen by
// wildcards. Where functions were last called is forgotten after an evaluation.
// Partially applied functions check their arguments. A time beyond the calendar
// is the error D1001 and not "NaN". A regular expression with a mistake in it is
// the error S0303, randomness where there is none U1002, a budget that is spent
// U1001 with the texts of AWS.
//
// An evaluation reads no clock and has no randomness but what its [Env] gives,
// and its budgets, the [Limits], count work and not time: the same evaluation
// always ends the same way.
//
// [AWS] is the dialect of Step Functions: six functions more and $eval less.
// What AWS refuses although it is JSONata, a reference to an input document for
// instance, is told by [Expr.Refusals]. The syntax tree is open to other tools:
// see [Node], [Walk] and [Expr.Variables].
package jsonata
