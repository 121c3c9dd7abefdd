"""G: what the nodes of a graph say."""

from __future__ import annotations

import models
from case import (
    COMMAND_LINE,
    DONE,
    INPUT,
    NAME,
    READ,
    Case,
    Elsewhere,
    file,
    survived,
    taken,
    unthawed,
)
from models import FLOAT, attr, constant, field, node, number, of_float, shape

SOUND = models.dense()
MANY = 100_000


def and_node(name: str, op: str = "NoOp", inputs: tuple[str, ...] = (), attrs: bytes = b"") -> bytes:
    return SOUND + node(name, op, inputs, attrs)


def unary(name: str, value: str, op: str = "Identity") -> bytes:
    return node(name, op, [value], of_float())


def with_input(*inputs: str) -> bytes:
    return and_node("odd", "Relu", inputs, of_float())


def chain(length: int) -> bytes:
    """The weight of a product behind many reads."""
    reads = [unary(f"r{i}", f"r{i - 1}" if i else "k") for i in range(length)]
    product = node("out", "MatMul", ["x", f"r{length - 1}"], of_float())
    return models.graph(models.placeholder("x", [-1, 2]), constant("k", [2, 2]), *reads, product)


def ring(length: int) -> bytes:
    return SOUND + b"".join(unary(f"r{i}", f"r{(i - 1) % length}") for i in range(length))


def star(count: int) -> bytes:
    return SOUND + b"".join(unary(f"s{i}", "first/kernel/read") for i in range(count))


def loop() -> bytes:
    return SOUND + b"".join(
        [
            node("Enter", "Enter", ["out"], of_float() + attr("frame_name", field(2, "f"))),
            node("Merge", "Merge", ["Enter", "Next"], of_float() + attr("N", number(3, 2))),
            constant("cond", [], 0.0),
            node("LoopCond", "LoopCond", ["less"]),
            node("less", "Less", ["Merge", "cond"], of_float()),
            node("Switch", "Switch", ["Merge", "LoopCond"], of_float()),
            unary("body", "Switch:1", "Relu"),
            unary("Next", "body", "NextIteration"),
            unary("Exit", "Switch", "Exit"),
        ]
    )


def function(name: str, calls: tuple[str, ...] = (), ret: str = "y", body: bytes = b"", result: str = "") -> bytes:
    """A FunctionDef x -> y that calls others one after the other."""
    arg = field(1, "x") + number(3, FLOAT)
    signature = field(1, name) + field(2, arg) + field(3, field(1, "y") + number(3, FLOAT))
    nodes = b"".join(
        field(3, field(1, f"c{i}") + field(2, callee) + field(3, f"c{i - 1}:y:0" if i else "x"))
        for i, callee in enumerate(calls)
    )
    last = result or (f"c{len(calls) - 1}:y:0" if calls else "x")
    return field(1, field(1, signature) + nodes + body + field(4, field(1, ret) + field(2, last)))


def library(*functions: bytes) -> bytes:
    return field(2, b"".join(functions))


def called(*functions: bytes, inputs: tuple[str, ...] = ("out",), callee: str = "f0") -> bytes:
    return SOUND + node("call", callee, inputs) + library(*functions)


def doubling(levels: int) -> bytes:
    functions = [function(f"f{i}", (f"f{i + 1}",) * 2) for i in range(levels)]
    return called(*functions, function(f"f{levels}"))


def versions(*parts: bytes) -> bytes:
    return SOUND + field(4, b"".join(parts))


def renamed(name: str) -> bytes:
    """The sound model and a weight of that name."""
    return SOUND + models.weight(name, [2, 2]) + node("use", "MatMul", ["out", f"{name}/read"], of_float())


def named(cls: str, name: str) -> list[Case]:
    """A weight whose name no variable may have wants --rename, which is a matter of the command line."""
    make = file(NAME, renamed(name))
    return [
        Case(cls, f"weight {ascii(name)}", make, (NAME, "-o", "out/m", "--no-sync"), (DONE, COMMAND_LINE, INPUT)),
        Case(cls, f"weight {ascii(name)}", make, ("inspect", NAME, "--weights"), READ, blames=NAME),
    ]


def colliding(count: int) -> bytes:
    """Names that a polynomial hash of base 31 takes for one another."""
    pairs = ["".join("Aa" if i >> bit & 1 else "BB" for bit in range(16)) for i in range(count)]
    return SOUND + b"".join(node(f"n{pair}", "NoOp") for pair in pairs)


def long_prefix(count: int) -> bytes:
    prefix = "p" * 4096
    return SOUND + b"".join(node(f"{prefix}{i}", "NoOp") for i in range(count))


LIST = attr("l", field(1, number(3, 1) + field(2, "s") + number(6, 1)))
SHAPES = field(1, field(7, shape([-1, 2])) + field(7, shape([3])))
WRONG = attr("_output_shapes", field(1, field(7, shape([7, 7, 7]))))
STRANGE = ("sp ace", "co:lon", "^hat", "back\\slash", "-dash")
STEERING = ("a\x00b", "a\nb", "a\x1b[2Jb", "a\u202eb", "\U0001f600", "a\x9bb")
REFERENCES = ("", "^", ":", "out:", ":0", "out:0:0")
PORTS = ("out:-1", "out:+0", "out:4294967296", "out:99999999999999999999")

CASES: list[Case] = [
    *unthawed("G01", "a name twice", SOUND + node("out", "NoOp"), "out"),
    *unthawed("G01", "a weight twice", SOUND + constant("first/kernel", [4, 3]), "first/kernel"),
    *unthawed("G02", "no name", SOUND + field(1, field(2, "NoOp"))),
    *survived("G03", "no operation", SOUND + field(1, field(1, "a"))),
    *(case for name in STRANGE for case in survived("G04", repr(name), and_node(name))),
    *(case for name in STRANGE for case in named("G04", name)),
    *taken("G05", "an internal node", and_node("_internal")),
    *(case for name in STEERING for case in survived("G06", ascii(name), and_node(name))),
    *(case for name in STEERING for case in named("G06", name)),
    *(case for name in STEERING for case in survived("G06", f"input {ascii(name)}", with_input(name))),
    *(case for name in ("../up", "/absolute", "a//b", "..") for case in named("G07", name)),
    *taken("G08", "equal but for case", renamed("FIRST/kernel")),
    *survived("G08", "equal but for Unicode", SOUND + node("caf\u00e9", "NoOp") + node("cafe\u0301", "NoOp")),
    *survived("G09", "a name of 1 MiB", lambda: SOUND + node("n" * (1 << 20), "NoOp")),
    *survived("G09", "a long prefix", lambda: long_prefix(1000)),
    *taken("G10", "names of one hash", lambda: colliding(1 << 15)),
    *unthawed("G11", "no such input", with_input("nowhere"), "odd", "nowhere"),
    *(case for text in REFERENCES for case in unthawed("G12", repr(text), with_input(text), "odd")),
    *(case for text in PORTS for case in unthawed("G13", text, with_input(text), "odd")),
    *survived("G13", "a port written 00", with_input("out:00")),
    *survived("G14", "a port that Relu has not", SOUND + unary("a", "out", "Relu") + unary("b", "a:1", "Relu")),
    *survived("G14", "a port of an unknown operation", SOUND + node("a", "Odd") + unary("b", "a:7", "Relu")),
    *unthawed("G15", "no such control input", with_input("out", "^nowhere"), "odd", "nowhere"),
    *unthawed("G16", "a control input with a port", with_input("out", "^out:0"), "odd"),
    *unthawed("G17", "data behind control", with_input("^out", "out"), "odd"),
    *taken("G18", "a control input twice", and_node("odd", "NoOp", ("^out", "^out"))),
    *survived("G18", "a node that waits for itself", and_node("odd", "NoOp", ("^odd",))),
    *survived("G19", "a node that is its own input", with_input("odd")),
    *survived("G20", "a ring of many", lambda: ring(MANY)),
    *taken("G21", "a loop", loop()),
    *survived("G22", "a chain of many", lambda: chain(MANY)),
    *taken("G23", "many takers", lambda: star(MANY)),
    *taken("G24", "an unknown operation", SOUND + node("odd", "NobodyKnowsThis", ["out"])),
    *survived("G25", "a product without T", SOUND + node("odd", "MatMul", ["out", "second/kernel/read"])),
    *survived("G25", "a constant without dtype", SOUND + node("odd", "Const")),
    *survived("G25", "a placeholder without dtype", and_node("odd", "Placeholder")),
    *survived("G26", "dtype as a string", and_node("odd", "Placeholder", (), attr("dtype", field(2, "float")))),
    *survived("G26", "T as a shape", and_node("odd", "Relu", ("out",), attr("T", field(7, shape([1]))))),
    *survived("G26", "a shape as a number", and_node("odd", "Placeholder", (), of_float("dtype") + attr("shape", number(3, 4)))),
    *survived("G27", "a list of several kinds", and_node("odd", "NoOp", (), LIST)),
    *survived("G28", "fewer shapes", and_node("odd", "Relu", ("out",), of_float() + attr("_output_shapes", field(1, b"")))),
    *survived("G28", "more shapes", and_node("odd", "Relu", ("out",), of_float() + attr("_output_shapes", SHAPES))),
    *survived("G28", "another shape", and_node("odd", "Relu", ("out",), of_float() + WRONG)),
    *survived("G29", "beside a node that is not there", and_node("odd", "NoOp", (), attr("_class", field(1, field(2, "loc:@nowhere"))))),
    *taken("G30", "a device of garbage", SOUND + node("odd", "NoOp", (), b"", "/\x1b[31m::::")),
    *survived("G31", "a function twice", called(function("f0"), function("f0"))),
    *survived("G32", "a function called Relu", called(function("Relu"), function("f0"))),
    *survived("G33", "a function that calls itself", called(function("f0", ("f0",)))),
    *survived("G33", "two that call each other", called(function("f0", ("f1",)), function("f1", ("f0",)))),
    *survived("G34", "2^40 calls", doubling(40)),
    *survived("G34", "2^1000 calls", lambda: doubling(1000)),
    *survived("G35", "no such function", called(function("f0", ("nowhere",)))),
    *survived("G35", "a gradient of no function", SOUND + field(2, field(2, field(1, "f") + field(2, "g")))),
    *survived("G36", "too many arguments", called(function("f0"), inputs=("out", "out"))),
    *survived("G36", "no arguments", called(function("f0"), inputs=())),
    *survived("G36", "no such result", called(function("f0", ret="z"))),
    *survived("G37", "no such output in a body", called(function("f0", ("f1",), result="c0:nothing:0"), function("f1"))),
    *survived("G37", "no such port in a body", called(function("f0", ("f1",), result="c0:y:7"), function("f1"))),
    *survived("G38", "for later releases only", versions(number(1, 1087), number(2, 99_999))),
    *survived("G38", "not for this release", versions(number(1, 1087), number(3, 1087))),
    *survived("G39", "a producer of -1", versions(number(1, -1))),
    *survived("G39", "a producer of 2^31-1", versions(number(1, (1 << 31) - 1))),
    Case("G40", "no such output", file(NAME, SOUND), (NAME, "-o", "out/m", "--outputs", "uot"), (COMMAND_LINE,), ("uot", "out")),
    Case("G40", "an output twice", file(NAME, SOUND), (NAME, "-n", "--outputs", "out,out"), (DONE, COMMAND_LINE)),
    Case("G41", "an input that stays", file(NAME, SOUND), ("inspect", NAME, "--io"), (DONE,), ("x:0",)),
    *survived("G44", "a switch behind a variable", SOUND + node("s", "Switch", ["second/kernel/read", "out"], of_float()) + unary("t", "s:1", "Relu")),
    *unthawed("G46", "no nodes", field(4, number(1, 1087))),
]


def variable(name: str, attrs: bytes, op: str = "VarHandleOp") -> bytes:
    return node(name, op, (), attrs)


def with_variables(*nodes: bytes) -> bytes:
    return models.meta_graph(models.graph(models.placeholder("x", [-1, 4]), *nodes))


KERNEL = of_float("dtype") + attr("shape", field(7, shape([4, 3])))
SHARED = attr("shared_name", field(2, "k"))
INTEGERS = attr("dtype", number(6, 3)) + attr("shape", field(7, shape([4, 3]))) + SHARED
CASES += [
    *unthawed("G42", "no shared name", with_variables(variable("k", KERNEL)), name="m.meta"),
    *unthawed("G42", "no dtype", with_variables(variable("k", SHARED)), name="m.meta"),
    *unthawed("G42", "two of one name", with_variables(variable("a", KERNEL + SHARED), variable("b", INTEGERS)), name="m.meta"),
]
ELSEWHERE: list[Elsewhere] = [
    Elsewhere("G43", "tests/judge/meta_corruptions.py", "dtype"),
    Elsewhere("G45", "tests/verbs/freeze_model_test.cc", "changes variable 'w'"),
]
NOT_APPLICABLE: dict[str, str] = {}
