"""P: graphs as text."""

from __future__ import annotations

import models
from case import Case, Elsewhere, refused, survived, taken

NAME = "m.pbtxt"
KERNEL = """
node { name: "k" op: "Const"
  attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 2 } } VALUES } } } }
"""
REST = """
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: -1 } dim { size: 2 } } } } }
node { name: "k/read" op: "Identity" input: "k" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "out" op: "MatMul" input: "x" input: "k/read" attr { key: "T" value { type: DT_FLOAT } } }
versions { producer: 1087 }
"""


def text(more: str = "", values: str = "float_val: 1 float_val: 2 float_val: 3 float_val: 4") -> bytes:
    return (KERNEL.replace("VALUES", values) + REST + more).encode("utf-8", "surrogateescape")


def values(what: str) -> bytes:
    return text(values=what)


SOUND = text()
NODE = 'node { name: "a" op: "NoOp" '


def no(cls: str, what: str, content: bytes, *says: str) -> list[Case]:
    return refused(cls, what, content, *says, name=NAME)


def yes(cls: str, what: str, content: bytes) -> list[Case]:
    return taken(cls, what, content, name=NAME)


def maybe(cls: str, what: str, content: bytes) -> list[Case]:
    return survived(cls, what, content, name=NAME)


CASES: list[Case] = [
    *yes("P01", "a sound one, to compare with", SOUND),
    *no("P01", "no brace at the end", text(NODE)),
    *no("P01", "a brace too many", text("}")),
    *no("P01", "another brace", text(NODE + ">")),
    *no("P02", "10,000 braces", text("node { " * 10_000)),
    *no("P02", "10,000 lists in functions", text(NODE + 'attr { key: "a" value { ' + 'func { name: "f" attr { key: "b" value { ' * 10_000)),
    *no("P03", "an unknown field", text('nodes { name: "a" }'), "nodes"),
    *no("P03", "an unknown dtype", text(NODE + 'attr { key: "T" value { type: DT_FLOTA } } }'), "DT_FLOTA"),
    *no("P04", "a name twice", text(NODE + 'name: "b" }')),
    *yes("P05", "a colon", text('node: { name: "a" op: "NoOp" }')),
    *yes("P05", "angles", text('node < name: "a" op: "NoOp" >')),
    *yes("P05", "separators", text('node { name: "a"; op: "NoOp", }')),
    *yes("P05", "a list", values("float_val: [1, 2, 3, 4]")),
    *no("P05", "a list that does not end", values("float_val: [1, 2")),
    *yes("P06", "pieces", text('node { name: "a" "b" op: \'No\' "Op" }')),
    *yes("P06", "bytes by number", values('tensor_content: "\\000\\x01\\002\\003' + "\\0" * 12 + '"')),
    *no("P06", "no such escape", text(NODE + 'device: "\\q" }')),
    *no("P06", "a line end in it", text(NODE + 'device: "a\nb" }')),
    *no("P06", "that does not end", text(NODE + 'device: "abc')),
    *no("P06", "a number that is too large", text(NODE + 'device: "\\777" }')),
    *no("P06", "half a character", text(NODE + 'device: "\\ud800" }')),
    *yes("P07", "all kinds of numbers", values("float_val: -0 float_val: nan float_val: -inf float_val: 1.5f")),
    *maybe("P07", "1e400", values("float_val: 1e400 float_val: 2 float_val: 3 float_val: 4")),
    *yes("P07", "a space behind the sign", values("float_val: - 1 float_val: 2 float_val: 3 float_val: 4")),
    *no("P07", "2^64", text("versions { bad_consumers: 18446744073709551616 }")),
    *no("P07", "an integer with a fraction", text(NODE + 'attr { key: "i" value { i: 1.5 } } }')),
    *yes("P07", "an integer in base 16", text(NODE + 'attr { key: "i" value { i: 0x1F } } }')),
    *(
        Case("P08", what, case.make, case.words, case.codes, case.says, how={"env": {"LC_ALL": "de_DE.UTF-8"}})
        for what, content in (("a locale", values("float_val: 1.5 float_val: 2.5 float_val: 3 float_val: 4")),)
        for case in yes("P08", what, content)
    ),
    *yes("P09", "a byte order mark", b"\xef\xbb\xbf" + SOUND),
    *yes("P09", "lines of Windows", SOUND.replace(b"\n", b"\r\n")),
    *no("P09", "UTF-16", SOUND.decode().encode("utf-16")),
    *maybe("P10", "a comment of 2 MiB", b"# " + b"c" * (2 << 20) + b"\n" + SOUND),
    *maybe("P10", "one line", SOUND.replace(b"\n", b" ") + b" " * (2 << 20)),
    *no("P11", "an extension", text('[tensorflow.odd] { a: 1 }')),
    *no("P11", "an Any", text(NODE + 'attr { key: "a" value { [type.googleapis.com/x] { } } } }')),
    *taken("P12", "text called .pb", SOUND, name="m.pb"),
    *taken("P12", "binary called .pbtxt", models.dense(), name=NAME),
    *maybe("P13", "a name that is no UTF-8", text('node { name: "\\377" op: "NoOp" }')),
    *maybe("P13", "raw bytes", text('node { name: "\udcff" op: "NoOp" }')),
    *maybe("P14", "a MiB of zeros", values('tensor_content: "' + "\\000" * (1 << 18) + '"')),
    *no("P14", "fewer bytes", values('tensor_content: "\\000\\001"'))[:1],
]
ELSEWHERE: list[Elsewhere] = []
NOT_APPLICABLE: dict[str, str] = {}
