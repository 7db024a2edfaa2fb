package graph

// A Succeed state ends its flow with success.
type Succeed struct{ Base }
