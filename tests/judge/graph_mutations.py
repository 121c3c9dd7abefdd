"""Mutations of frozen graphs: constants in every encoding, attributes, inputs, shapes, versions, functions; binary and text."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

import tensor_forms
import wire_fields
from tensor_forms import ATTR, KEY, NODE, TENSOR, VALUE
from wire_fields import BYTES, NUMBERS, TEXTS, Field, edited, fields_of, find, message, mutated_bytes, mutated_fields, number, written

NAME, OP, INPUT, LIBRARY, VERSIONS = 1, 2, 3, 2, 4
# AttrValue: list = 1, s = 2, i = 3, f = 4, b = 5, type = 6, shape = 7, tensor = 8, placeholder = 9, func = 10.
SHAPE, SHAPE_LIST = 7, 7
TYPES = [1, 2, 3, 4, 7, 9, 10, 14, 19, 0, 20, 99, 101]
OPS = [b"Identity", b"Const", b"Placeholder", b"NoOp", b"NoSuchOp", b"Add", b"Sub", b"Relu", b"VariableV2", b"Mul", b""]

Mutation = Callable[[random.Random, bytes], bytes]


def constant(rng: random.Random, graph: bytes) -> bytes:
    places = tensor_forms.constants(graph)
    if not places:
        return graph
    change = rng.choice(tensor_forms.CHANGES)
    return tensor_forms.with_tensor(graph, rng.choice(places), lambda tensor: change(rng, tensor))


def of_a_node(rng: random.Random, graph: bytes, change: Callable[[bytes], bytes]) -> bytes:
    count = len(find(graph, NODE))
    return edited(graph, NODE, rng.randrange(count), change) if count else graph


def attribute_value(rng: random.Random, value: bytes) -> bytes:
    """Of any kind, another kind, or two kinds, of which the last counts."""
    shapes = [b"", message(2, number(1, 2)), message(2, number(1, -1)), number(3, 1), message(2, number(1, -2))]
    others = [
        number(6, rng.choice(TYPES)),
        number(5, rng.randrange(3)),
        number(3, rng.choice(NUMBERS)),
        message(2, rng.choice(TEXTS)),
        message(SHAPE, rng.choice(shapes)),
        message(1, b"".join(message(SHAPE_LIST, rng.choice(shapes)) for _ in range(rng.randrange(3)))),
        message(1, message(3, bytes([1, 2, 2, 1]))),
        message(10, message(1, rng.choice(TEXTS))),
        b"",
    ]
    other = rng.choice(others)
    return rng.choice([other, other + value, value + other, mutated_fields(rng, value or other, value or other or number(3, 1))])


def attribute(rng: random.Random, graph: bytes) -> bytes:
    def of_node(node: bytes) -> bytes:
        count = len(find(node, ATTR))
        if not count:
            return node
        kind, at = rng.randrange(5), rng.randrange(count)
        if kind < 3:
            body = find(node, ATTR)[at]
            if not find(body, VALUE):
                return node
            return edited(node, ATTR, at, lambda entry: edited(entry, VALUE, 0, lambda value: attribute_value(rng, value)))
        if kind == 3:  # twice, the last counts
            key = (find(find(node, ATTR)[at], KEY) or [b"T"])[0]
            return node + message(ATTR, message(KEY, key) + message(VALUE, attribute_value(rng, b"")))
        fields = [one for one in fields_of(node) if one.number != ATTR]
        kept = find(node, ATTR)
        del kept[at]
        return written(fields) + b"".join(message(ATTR, one) for one in kept)

    return of_a_node(rng, graph, of_node)


def inputs(rng: random.Random, graph: bytes) -> bytes:
    names = [(find(node, NAME) or [b""])[0] for node in find(graph, NODE)] or [b"x"]

    def of_node(node: bytes) -> bytes:
        fields = fields_of(node)
        told = [one for one in fields if one.number == INPUT and one.kind == BYTES]
        name = rng.choice(names)
        new = rng.choice([name, b"^" + name, name + b":0", name + b":1", name + b":01", b"^" + name + b":0", b"gone", b"", b":", b"^"])
        kind = rng.randrange(5) if told else 0
        if kind == 0:
            fields.insert(rng.randrange(len(fields) + 1), Field(INPUT, BYTES, data=new))
        elif kind == 1:
            rng.choice(told).data = new
        elif kind == 2:
            fields.remove(rng.choice(told))
        elif kind == 3:
            fields.append(rng.choice(told))
        else:
            first, second = rng.choice(told), rng.choice(told)
            first.data, second.data = second.data, first.data
        return written(fields)

    return of_a_node(rng, graph, of_node)


def node(rng: random.Random, graph: bytes) -> bytes:
    """Dropped, doubled, moved, renamed, of another operation."""
    fields = fields_of(graph)
    nodes = [one for one in fields if one.number == NODE and one.kind == BYTES]
    if not nodes:
        return graph
    chosen, kind = rng.choice(nodes), rng.randrange(6)
    if kind == 0:
        fields.remove(chosen)
    elif kind == 1:
        fields.append(Field(NODE, BYTES, data=chosen.data))
    elif kind == 2:
        rng.shuffle(fields)
    elif kind == 3:
        chosen.data += message(NAME, rng.choice([*TEXTS, b"_x", b"a b", (find(rng.choice(nodes).data, NAME) or [b"x"])[0]]))
    elif kind == 4:
        chosen.data += message(OP, rng.choice(OPS))
    else:
        chosen.data += message(4, rng.choice([b"/cpu:0", b"/device:GPU:7", b"/job:x", b"garbage", b"\xff"]))
    return written(fields)


def versions(rng: random.Random, graph: bytes) -> bytes:
    value = rng.choice([0, 1, 8, 20, 21, 26, 27, 100, 1395, 2474, 3000, -1, *NUMBERS])
    body = rng.choice([number(1, value), number(2, value), number(3, value), message(3, bytes([1, 21, 26]))])
    return graph + (message(VERSIONS, body) if rng.random() < 0.9 else number(3, value))


def library(rng: random.Random, graph: bytes) -> bytes:
    bodies = find(graph, LIBRARY)
    if not bodies:
        return constant(rng, graph)
    return edited(graph, LIBRARY, 0, lambda body: mutated_fields(rng, body, body))


def any_fields(rng: random.Random, graph: bytes) -> bytes:
    return mutated_fields(rng, graph, graph)


def any_bytes(rng: random.Random, graph: bytes) -> bytes:
    return mutated_bytes(rng, graph)


def merged(rng: random.Random, graph: bytes) -> bytes:
    """Messages that stand in two parts, padded numbers, unknown fields: all of it means the same."""
    fields = wire_fields.taken_apart(graph, 4) or []
    for one in rng.sample(fields, min(3, len(fields))):
        one.padding = rng.randrange(5)
        if one.fields and one.number != NODE:
            wire_fields.split(rng, fields, fields.index(one))
        elif one.fields:
            one.fields.insert(rng.randrange(len(one.fields) + 1), wire_fields.unknown(rng))

    return written(fields)


def tensor_in_two(rng: random.Random, graph: bytes) -> bytes:
    """The message of a constant in two parts, at one of the levels at which protobuf merges."""
    places = tensor_forms.constants(graph)
    if not places:
        return graph

    def halves(body: bytes, field: int) -> bytes:
        inner = fields_of(body)
        for at, one in enumerate(inner):
            if one.number == field and one.kind == BYTES:
                parts = fields_of(one.data)
                cut = rng.randrange(len(parts) + 1)
                inner[at : at + 1] = [Field(field, BYTES, data=written(parts[:cut])), Field(field, BYTES, data=written(parts[cut:]))]
                break
        return written(inner)

    def of_node(node_body: bytes) -> bytes:
        at = [find(one, KEY) for one in find(node_body, ATTR)].index([b"value"])
        if rng.random() < 0.4:
            return edited(node_body, ATTR, at, lambda entry: halves(entry, VALUE))
        return edited(node_body, ATTR, at, lambda entry: edited(entry, VALUE, 0, lambda value: halves(value, TENSOR)))

    return edited(graph, NODE, rng.choice(places), of_node)


MUTATIONS: list[tuple[Mutation, int]] = [
    (constant, 16), (tensor_in_two, 2), (attribute, 5), (inputs, 4), (node, 4), (versions, 1), (library, 2), (any_fields, 3),
    (merged, 2), (any_bytes, 1),
]  # fmt: skip


def words_changed(rng: random.Random, text: str) -> str:
    words = re.findall(r"[\w.\-]+|\W", text)
    for _ in range(rng.randrange(1, 4)):
        at, other = rng.randrange(len(words)), rng.randrange(len(words))
        kind = rng.randrange(7)
        if kind == 0:
            words[at] = ""
        elif kind == 1:
            words[at] *= 2
        elif kind == 2:
            words[at], words[other] = words[other], words[at]
        elif kind == 3:
            words[at] = str(rng.choice([*NUMBERS, -1, 0.5, "1e400", "nan", "-inf", "0x1f", "017", "1f"]))
        elif kind == 4:
            words[at] = rng.choice("{}[]<>:\"'\\,;#-")
        elif kind == 5:
            words[at] = words[other]
        else:
            numbers = [i for i, word in enumerate(words) if re.fullmatch(r"[\d.e\-]+", word)] or [at]
            words[rng.choice(numbers)] = rng.choice(["7", "0.1", "1e-3", "-5", "3.4028236e38", "1e-50", "'a' 'b'", "true"])
    return "".join(words)


def as_text(rng: random.Random, graph: bytes) -> str | None:
    from google.protobuf import text_format
    from tensorflow.core.framework import graph_pb2

    try:
        text: str = text_format.MessageToString(graph_pb2.GraphDef.FromString(graph))
    except Exception:  # noqa: BLE001  (of whatever kind: there is no text of it)
        return None
    return words_changed(rng, text) if rng.random() < 0.7 else text


def mutated(rng: random.Random, seeds: Path, folder: Path) -> tuple[Path, str]:
    """A mutated graph in `folder`, and what was done to which."""
    folder.mkdir(parents=True)
    seed = rng.choice(sorted((seeds / "graphs").glob("*.pb")))
    graph, what = seed.read_bytes(), []
    text = rng.random() < 0.15
    for _ in range(rng.choice([0, 1]) if text else rng.choice([1, 1, 1, 2, 3])):
        change = rng.choices([one for one, _ in MUTATIONS], [often for _, often in MUTATIONS])[0]
        try:
            graph = change(rng, graph)
        except (ValueError, IndexError, RecursionError):
            break  # what was done before leaves nothing to take apart
        what.append(change.__name__)
    words = as_text(rng, graph) if text else None
    path = folder / ("m.pbtxt" if words is not None else "m.pb")
    path.write_bytes(graph if words is None else words.encode("utf-8", "surrogateescape"))
    return path, f"{seed.name}: {', '.join(what)}{' as text' if words is not None else ''}"
