package codegen

import (
	"go/types"

	"github.com/dave/jennifer/jen"
)

func (g *generator) existing(o types.Object) (jen.Code, bool) { return nil, false }
