package spec

// A Try runs its body; when a state in it fails, the first catcher that names
// the error goes on. It is no state: each state of the body that can fail gets
// a Catch.
type Try struct {
	Header
	Body     *Block    `json:"body"`
	Catchers []Catcher `json:"catchers"`
	Result   *Source   `json:"result,omitempty"` // nil for None
}

// A Finally runs its body and then, whether that failed or not, its cleanup;
// behind it a failure goes on. It is a Choice state, which tells the two apart,
// and a Fail state.
type Finally struct {
	Header          // the Choice state's
	Failed  string  `json:"failed"` // the Fail state's name
	Body    *Block  `json:"body"`
	Cleanup *Block  `json:"cleanup"`
	Result  *Source `json:"result,omitempty"` // nil for None
}

func (*Finally) kind() string { return "finally" }

// A Catcher handles the errors it names.
type Catcher struct {
	Errors []string `json:"errors"`
	Error  *Source  `json:"error,omitempty"` // FromError or FromFault; nil when the handler takes neither
	Body   *Block   `json:"body"`
	Pos    Pos      `json:"pos"`
}

func (*Try) kind() string { return "try" }
