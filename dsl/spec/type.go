package spec

// A TypeKind is the shape of a value in a workflow.
type TypeKind string

// The kinds of types.
const (
	None     TypeKind = "none"
	String   TypeKind = "string"
	Int      TypeKind = "int"
	Float    TypeKind = "float"
	Bool     TypeKind = "bool"
	Time     TypeKind = "time"
	JSON     TypeKind = "json" // anything
	List     TypeKind = "list"
	Dict     TypeKind = "dict"
	Optional TypeKind = "optional"
	Struct   TypeKind = "struct"
)

// A Type is the type of a value. Two values have the same Go type if and only
// if their Types are the same pointer.
type Type struct {
	ID      string   `json:"id"` // Go's full name of the type
	Kind    TypeKind `json:"kind"`
	Package string   `json:"package,omitempty"` // import path of a named struct or enum
	Name    string   `json:"name,omitempty"`    // Go name without package; with type arguments for a generic struct
	Elem    *Type    `json:"elem,omitempty"`    // of List, Dict and Optional
	Fields  []Field  `json:"fields,omitempty"`  // of Struct, in Go's order
}

// A Field is a field of a Struct. An embedded struct's fields stand in the
// place of the embedding, as encoding/json has it.
type Field struct {
	Name string `json:"name"` // Go's name
	JSON string `json:"json"` // the key in the document
	Type *Type  `json:"type,omitempty"`
	Path []int  `json:"path"` // index path from the struct, through embedded structs, as reflect.Value.FieldByIndex takes it
}

// String returns the type as the user would write it.
func (t *Type) String() string {
	switch {
	case t == nil:
		return "?"
	case t.Name != "" && t.Kind != Struct:
		return "Enum[" + t.Name + "]"
	case t.Name != "":
		return t.Name
	}
	switch t.Kind {
	case List:
		return "List[" + t.Elem.String() + "]"
	case Dict:
		return "Dict[" + t.Elem.String() + "]"
	case Optional:
		return "Optional[" + t.Elem.String() + "]"
	}
	return names[t.Kind]
}

var names = map[TypeKind]string{
	None: "None", String: "String", Int: "Int", Float: "Float", Bool: "Bool", Time: "Time", JSON: "JSON", Struct: "struct",
}
