package flow

// Generated code names the version of the rim that it was made for. Where that
// constant is missing, the code and the library do not fit: run stepsmith
// generate, with the tool of the version that go.mod requires.
const (
	Version1 = true
)
