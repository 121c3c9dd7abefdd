#!/usr/bin/env python3
"""Makes the frozen models that the benchmarks use, by writing the bytes of a GraphDef; TensorFlow is not needed.

    bench/make_models.py FOLDER [name ...]

Every model is a network that TensorFlow imports (below 2 GiB): a Placeholder, and for each weight a Const, the `/read`
Identity that freezing leaves behind, and the MatMul or BiasAdd that uses it. Beside `NAME.pb` stands `NAME.json` with
what the memory goal is computed from: nodes, weights, and the bytes of the skeleton (everything but large payloads);
`NAME.txt` is a target for transplants.
"""

import argparse
import array
import json
import pathlib
import random

DT_FLOAT, DT_INT32 = 1, 3
LARGE_PAYLOAD = 256  # Thaw leaves larger tensors in the file
BLOCK = 1 << 16


# -- wire format: protobuf's, as graph.proto, node_def.proto, attr_value.proto and tensor.proto number the fields


def varint(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def length(field, size):
    return varint(field << 3 | 2) + varint(size)


def message(field, payload):
    return length(field, len(payload)) + payload


def number(field, value):
    return varint(field << 3) + varint(value & (1 << 64) - 1)


def shape(dims):
    return b"".join(message(2, number(1, dim)) for dim in dims)


def attribute(key, value):
    return message(5, message(1, key.encode()) + message(2, value))


def type_attribute(key, dtype):
    return attribute(key, number(6, dtype))


def node(name, op, inputs=(), attributes=b""):
    text = message(1, name.encode()) + message(2, op.encode())
    return message(1, text + b"".join(message(3, each.encode()) for each in inputs) + attributes)


# -- models


class Writer:
    """Appends nodes to a file; counts what the goals are about."""

    def __init__(self, path, seed, sparse=False):
        self.file = open(path, "wb")
        self.sparse = sparse
        self.nodes = self.weights = self.payload = 0
        self.listed = []  # a target for transplants: the weights below the scope that the forum script rebuilds them in
        values = random.Random(seed)
        self.block = array.array("f", (values.gauss(0, 0.05) for _ in range(BLOCK))).tobytes()

    def add(self, name, op, inputs=(), attributes=b""):
        self.nodes += 1
        self.file.write(node(name, op, inputs, attributes))
        return name

    def op(self, name, op, inputs, attributes=b""):
        return self.add(name, op, inputs, type_attribute("T", DT_FLOAT) + attributes)

    def placeholder(self, name, dims):
        return self.add(name, "Placeholder", (), attribute("shape", message(7, shape(dims))) + type_attribute("dtype", DT_FLOAT))

    def integers(self, name, values, dims=None, after=None):
        content = array.array("i", values).tobytes()
        tensor = number(1, DT_INT32) + message(2, shape([len(values)] if dims is None else dims)) + message(4, content)
        waits = ["^" + after] if after else []
        return self.add(name, "Const", waits, type_attribute("dtype", DT_INT32) + attribute("value", message(8, tensor)))

    def scalar(self, name, value):
        tensor = number(1, DT_FLOAT) + message(2, b"") + message(5, array.array("f", [value]).tobytes())
        return self.add(name, "Const", (), type_attribute("dtype", DT_FLOAT) + attribute("value", message(8, tensor)))

    def weight(self, name, dims):
        """A Const of normal numbers and its read. The payload goes out in blocks, so models may be larger than memory."""
        size = 4
        for dim in dims:
            size *= dim
        before = number(1, DT_FLOAT) + message(2, shape(dims)) + length(4, size)
        opening = [length(8, len(before) + size)]  # AttrValue.tensor
        opening.insert(0, message(1, b"value") + length(2, len(opening[0]) + len(before) + size))  # the map entry
        opening.insert(0, length(5, sum(map(len, opening)) + len(before) + size))  # NodeDef.attr
        head = message(1, name.encode()) + message(2, b"Const") + type_attribute("dtype", DT_FLOAT)
        rest = b"".join(opening) + before
        self.file.write(length(1, len(head) + len(rest) + size) + head + rest)
        self.fill(size)
        self.nodes += 1
        self.weights += 1
        self.listed.append(f"model/{name} float32 {list(dims)}\n")
        self.payload += size if size > LARGE_PAYLOAD else 0
        return self.op(name + "/read", "Identity", [name], attribute("_class", message(1, message(2, b"loc:@" + name.encode()))))

    def fill(self, size):
        if self.sparse:
            self.file.seek(size, 1)
            return
        whole, part = divmod(size, len(self.block))
        for _ in range(whole):
            self.file.write(self.block)
        self.file.write(self.block[:part])

    def dense(self, x, weights, biases, dims):
        product = self.op(weights + "_MatMul", "MatMul", [x, self.weight(weights, dims)])
        return self.op(biases + "_BiasAdd", "BiasAdd", [product, self.weight(biases, dims[1:])])

    def close(self):
        self.file.write(message(4, number(1, 1087)))  # VersionDef.producer
        self.file.close()


def tiny(w):
    """About 40 KB: four small layers."""
    x = w.placeholder("input", [-1, 48])
    for i, (rows, columns) in enumerate([(48, 64), (64, 64), (64, 32), (32, 10)]):
        x = w.op(f"dense_{i}/Relu", "Relu", [w.dense(x, f"dense_{i}/kernel", f"dense_{i}/bias", (rows, columns))])
    w.op("logits", "Identity", [x])


def deepspeech(w):
    """189 MB: the twelve weights of the DeepSpeech 0.4 release, in their sizes and under their names."""
    x = w.placeholder("input_node", [-1, 494])
    for i, rows in ((1, 494), (2, 2048), (3, 2048)):
        x = clipped(w, w.dense(x, f"h{i}", f"b{i}", (rows, 2048)), f"layer_{i}")
    x = w.op("joined", "ConcatV2", [x, x, w.integers("axis", [1], [])], number_attribute("N", 2) + type_attribute("Tidx", DT_INT32))
    x = w.dense(x, "lstm_fused_cell/kernel", "lstm_fused_cell/bias", (4096, 8192))
    begin, size = w.integers("gate/begin", [0, 0]), w.integers("gate/size", [-1, 2048])
    x = w.op("gate", "Slice", [x, begin, size], type_attribute("Index", DT_INT32))
    x = clipped(w, w.dense(x, "h5", "b5", (2048, 2048)), "layer_5")
    w.op("logits", "Identity", [w.dense(x, "h6", "b6", (2048, 29))])


def number_attribute(key, value):
    return attribute(key, number(3, value))


def clipped(w, x, scope):
    relu = w.op(scope + "/Relu", "Relu", [x])
    return w.op(scope + "/Minimum", "Minimum", [relu, w.scalar(scope + "/Minimum/y", 20.0)])


def chain(w, layers, width=2744):
    x = w.placeholder("input", [-1, width])
    for i in range(layers):
        x = w.op(f"layer_{i}/MatMul", "MatMul", [x, w.weight(f"layer_{i}/kernel", (width, width))])
    w.op("logits", "Identity", [x])


def large(w):
    """1.5 GB: 50 weights of 30 MB."""
    chain(w, 50)


def huge(w):
    """2.4 GB, more than TensorFlow can read; a sparse file."""
    chain(w, 80)


def nodes(w):
    """200,000 small nodes: 2,500 blocks of 80, two small weights in each, and the constants, reshapes and arithmetic between."""
    x = w.placeholder("input", [-1, 16])
    for block in range(2500):
        scope = f"stage_{block // 50}/block_{block % 50}"
        x = w.dense(x, f"{scope}/kernel", f"{scope}/bias", (16, 16))
        for unit in range(8):
            x = small_unit(w, x, f"{scope}/unit_{unit}")
        x = w.op(f"{scope}/out", "Identity", [w.op(f"{scope}/Relu6", "Relu6", [x])])
    w.op("logits", "Identity", [x])


def small_unit(w, x, scope):
    """Nine nodes, three of them constants, as a preprocessing or normalising stretch of a graph looks."""
    flat = w.op(scope + "/Reshape", "Reshape", [x, w.integers(scope + "/Reshape/shape", [-1, 16])], type_attribute("Tshape", DT_INT32))
    scaled = w.op(scope + "/mul", "Mul", [flat, w.scalar(scope + "/mul/y", 1.5)])
    moved = w.op(scope + "/sub", "Sub", [scaled, w.scalar(scope + "/sub/y", 0.25)])
    active = w.op(scope + "/Tanh", "Tanh", [moved])
    joined = w.op(scope + "/add", "AddV2", [active, flat])
    return w.op(scope + "/Identity", "Identity", [joined])


def loops(w):
    """100,000 nodes: 2,000 while loops of 50, a weight going into each."""
    x = w.placeholder("input", [-1, 8])
    kernel = w.weight("kernel", (8, 8))
    for k in range(2000):
        x = one_loop(w, f"loop_{k}", x, kernel)
    w.op("logits", "MatMul", [x, kernel])


def one_loop(w, scope, x, kernel):
    """Counts to three in variable 0 and carries the other, as tf.while_loop writes it."""
    integers = type_attribute("T", DT_INT32)

    def enter(name, source, types, is_constant=False):
        frame = attribute("frame_name", message(2, (scope + "/while_context").encode()))
        return w.add(f"{scope}/{name}", "Enter", [source], types + frame + attribute("is_constant", number(5, int(is_constant))))

    def variable(k, source, types):
        merge, back = [f"{scope}/{part}_{k}" for part in ("Merge", "NextIteration")]
        w.add(merge, "Merge", [enter(f"Enter_{k}", source, types), back], types + number_attribute("N", 2))
        w.add(f"{scope}/Switch_{k}", "Switch", [merge, scope + "/LoopCond"], types)
        return w.add(f"{scope}/Identity_{k}", "Identity", [f"{scope}/Switch_{k}:1"], types)

    floats = type_attribute("T", DT_FLOAT)
    counter, y = variable(0, w.integers(scope + "/start", [0], []), integers), variable(1, x, floats)
    most = w.integers(scope + "/most", [3], [], f"{scope}/Merge_0")
    w.add(scope + "/LoopCond", "LoopCond", [w.add(scope + "/Less", "Less", [f"{scope}/Merge_0", most], integers)])
    one = w.integers(scope + "/one", [1], [], counter)
    w.add(scope + "/NextIteration_0", "NextIteration", [w.add(scope + "/add", "Add", [counter, one], integers)], integers)
    y = w.op(scope + "/MatMul", "MatMul", [y, enter("kernel", kernel, floats, is_constant=True)])
    for k in range(32):
        y = w.op(f"{scope}/{k}", ("Tanh", "Relu", "Neg")[k % 3], [y])
    w.op(scope + "/NextIteration_1", "NextIteration", [y])
    return w.op(scope + "/Exit_1", "Exit", [f"{scope}/Switch_1"])


class StraightWriter(Writer):
    """Writes the same nodes under the same names with nothing that comes round."""

    def add(self, name, op, inputs=(), attributes=b""):
        if op in ("Merge", "Switch"):
            inputs = list(inputs)[:1]
        if op in ("Enter", "Merge", "Switch", "Exit", "NextIteration", "LoopCond"):
            op = "Identity"
        return super().add(name, op, [each.removesuffix(":1") for each in inputs], attributes)


MODELS = {"loops": loops, "straight": loops, "tiny": tiny, "deepspeech": deepspeech, "nodes": nodes, "large": large, "huge": huge}
SPARSE = {"huge"}


def make(name, folder):
    """Makes NAME.pb in FOLDER unless it is there; returns what NAME.json says."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path, facts_path, list_path = (folder / f"{name}.{ending}" for ending in ("pb", "json", "txt"))
    if not all(each.exists() for each in (path, facts_path, list_path)):
        kind = StraightWriter if name == "straight" else Writer
        writer = kind(path, seed=name, sparse=name in SPARSE)
        MODELS[name](writer)
        writer.close()
        list_path.write_text("".join(writer.listed))
        size = path.stat().st_size
        facts = {"bytes": size, "nodes": writer.nodes, "weights": writer.weights, "skeleton": size - writer.payload}
        facts_path.write_text(json.dumps(facts) + "\n")
    return json.loads(facts_path.read_text())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(MODELS)} (all but huge)")
    arguments = parser.parse_args()
    for name in arguments.names or [each for each in MODELS if each != "huge"]:
        print(name, make(name, arguments.folder))


if __name__ == "__main__":
    main()
