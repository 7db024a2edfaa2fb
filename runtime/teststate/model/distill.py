"""Distils AWS's API models into the files of this folder.

Usage: python3 distill.py BOTOCORE_DATA OLDER_BOTOCORE_DATA SERVICE...

BOTOCORE_DATA is the folder "data" of botocore (Apache-2.0), which ships the
models that AWS publishes; a SERVICE is the name of a folder in it. What a
service answers is kept: the members of its outputs, their types, which ones are
required, enumerations and bounds. Bounds are those of the older data where it
has the shape: Step Functions checks by the models that it was built with, which
are behind. The format is described in ../model.go.
"""
import gzip
import json
import os
import sys

PLAIN = {"string", "integer", "long", "float", "double", "boolean", "blob", "timestamp"}


def pascal(name):
    return name[:1].upper() + name[1:]


def bounds(shape):
    low, high = shape.get("min"), shape.get("max")
    if low is None and high is None:
        return ""
    number = lambda n: "-" if n is None else format(n, "g") if isinstance(n, float) else str(n)
    return " %s..%s" % (number(low), number(high))


def reference(shapes, name):
    """How a shape is named: by its type when there is no more to say."""
    shape = shapes[name]
    if shape["type"] in PLAIN and "enum" not in shape and not bounds(shape) and not shape.get("document"):
        return shape["type"]
    return "." + name


def describe(shapes, name, todo):
    shape = shapes[name]

    def use(other):
        todo.append(other)
        return reference(shapes, other)

    kind = shape["type"]
    if shape.get("document"):
        return "any"
    if kind == "structure":
        required = set(shape.get("required", []))
        parts = ["%s%s:%s" % (pascal(m), "!" if m in required else "", use(s["shape"])) for m, s in shape["members"].items()]
        return " ".join(["structure"] + parts)
    if kind == "list":
        return "list " + use(shape["member"]["shape"]) + bounds(shape)
    if kind == "map":
        return "map " + use(shape["value"]["shape"]) + bounds(shape)
    if "enum" in shape:
        return "enum " + "|".join(shape["enum"]).replace(" ", "\\x20")
    return kind + bounds(shape)


def distil(model, older):
    shapes, operations, done = model["shapes"], [], {}
    for name, shape in older.get("shapes", {}).items():
        if name in shapes and shapes[name]["type"] == shape["type"]:
            shapes[name].update({k: shape[k] for k in ("min", "max") if k in shape})
    for name, operation in sorted(model["operations"].items()):
        output = operation.get("output", {}).get("shape")
        operations.append("%s %s" % (name, "." + output if output else "any"))
        todo = [output] if output else []
        while todo:
            shape = todo.pop()
            if shape in done or not reference(shapes, shape).startswith("."):
                continue
            done[shape] = None
            done[shape] = describe(shapes, shape, todo)
    return operations + [".%s %s" % item for item in sorted(done.items())]


def load(data, service):
    folder = os.path.join(data, service)
    if not os.path.isdir(folder):
        return "", {}
    version = sorted(v for v in os.listdir(folder) if v[:1] == "2")[-1]
    file = os.path.join(folder, version, "service-2.json")
    with gzip.open(file + ".gz") if os.path.exists(file + ".gz") else open(file, "rb") as f:
        return version, json.load(f)


def main():
    data, older, services = sys.argv[1], sys.argv[2], sys.argv[3:]
    here = os.path.dirname(os.path.abspath(__file__))
    for service in services:
        version, model = load(data, service)
        name = model["metadata"]["serviceId"].replace(" ", "").lower()
        with open(os.path.join(here, name + ".txt"), "w") as out:
            out.write("# %s, %s\n" % (model["metadata"]["serviceFullName"], version))
            out.write("\n".join(distil(model, load(older, service)[1])) + "\n")


main()
