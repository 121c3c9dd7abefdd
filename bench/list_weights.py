#!/usr/bin/env python3
"""Lists the weights of a 2 GB model from Python, and says what that took of memory and of reading.

The model is a sparse file, made and removed here. Ends with 1 when a goal was missed. Needs `make python`.
"""

import pathlib
import resource
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))
import tfthaw  # noqa: E402

LAYERS, SIDE = 50, 3200
GOALS = {"memory": 50 << 20, "read": 5 << 20}


def varint(number):
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def node(name, op, inputs=(), attrs=b""):
    return field(1, field(1, name) + field(2, op) + b"".join(field(3, each) for each in inputs) + attrs)


def attr(key, value):
    return field(5, field(1, key) + field(2, value))


FLOAT = b"\x30\x01"  # AttrValue.type: DT_FLOAT


def headers_of_constant(name, size):
    """All of a Const but its `size` bytes of tensor_content, which come last."""
    dims = b"".join(field(2, b"\x08" + varint(SIDE)) for _ in range(2))
    head = b"\x08\x01" + field(2, dims) + varint(4 << 3 | 2) + varint(size)
    for tag, before in ((8, b""), (2, field(1, b"value"))):
        head = before + varint(tag << 3 | 2) + varint(len(head) + size) + head
    head = field(1, name) + field(2, b"Const") + attr(b"dtype", FLOAT) + varint(5 << 3 | 2) + varint(len(head) + size) + head
    return varint(1 << 3 | 2) + varint(len(head) + size) + head


def write_model(file):
    size = SIDE * SIDE * 4
    file.write(node(b"x", b"Placeholder", attrs=attr(b"dtype", FLOAT)))
    for layer in range(LAYERS):
        name, before = b"layer%d" % layer, b"layer%d" % (layer - 1) if layer else b"x"
        file.write(headers_of_constant(name + b"/kernel", size))
        file.seek(size - 1, 1)
        file.write(b"\0")
        file.write(node(name + b"/kernel/read", b"Identity", [name + b"/kernel"], attr(b"T", FLOAT)))
        file.write(node(name, b"MatMul", [before, name + b"/kernel/read"], attr(b"T", FLOAT)))


class Counted:
    """Reads ranges of a file and counts them."""

    def __init__(self, file):
        self.file, self.size, self.read = file, file.seek(0, 2), 0

    def read_at(self, offset, size):
        self.read += size
        self.file.seek(offset)
        return self.file.read(size)


def main():
    with tempfile.TemporaryFile() as file:
        write_model(file)
        counted = Counted(file)
        with tfthaw.load(counted) as model:
            shapes = {name: model.weights.info(name).shape for name in model.weights}
        assert shapes == {f"layer{layer}/kernel": (SIDE, SIDE) for layer in range(LAYERS)}
        took = {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10, "read": counted.read}
    print(f"listing {len(shapes)} weights of a model of {counted.size / 1e9:.2f} GB:")
    for what, most in GOALS.items():
        print(f"  {what:6}  {took[what] / 1e6:8.2f} MB   goal {most / 1e6:.1f}   {'kept' if took[what] < most else 'MISSED'}")
    return int(any(took[what] >= most for what, most in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main())
