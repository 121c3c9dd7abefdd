"""S: folders of SavedModels, and MetaGraphDefs."""

from __future__ import annotations

import struct
from pathlib import Path

import bundle
import models
from bundle_files import Entry
from case import COMMAND_LINE, DONE, INPUT, NO, READ, Case, Elsewhere, Make, both, file
from checkpoints import DATA as checkpoint_data
from checkpoints import PREFIX, STRING, crc, sound
from models import attr, field, node, number, of_float, shape, varint

FLOAT_SHAPE = attr("shape", field(7, shape([2, 2])))


def variable(name: str) -> bytes:
    handle = node(name, "VarHandleOp", (), of_float("dtype") + FLOAT_SHAPE + attr("shared_name", field(2, name)))
    read = node(f"{name}/Read", "ReadVariableOp", [name], of_float("dtype"))
    return handle + read + node("out", "MatMul", ["x", f"{name}/Read"], of_float())


GRAPH = models.graph(models.placeholder("x", [-1, 2]), variable("a"))


def tensor_info(name: str, dtype: int = 1) -> bytes:
    return field(1, name) + number(2, dtype) + field(3, shape([-1, 2]))


def signature(output: str = "out:0", dtype: int = 1, key: str = "serving_default") -> bytes:
    told = field(1, field(1, "x") + field(2, tensor_info("x:0"))) + field(2, field(1, "y") + field(2, tensor_info(output, dtype)))
    return field(5, field(1, key) + field(2, told + field(3, "tensorflow/serving/predict")))


def meta(*more: bytes, tags: tuple[str, ...] = ("serve",), graph: bytes = GRAPH) -> bytes:
    info = field(1, b"".join(field(4, tag) for tag in tags))
    return field(2, info + field(2, graph) + b"".join(more or (signature(),)))


def saved(*metas: bytes, version: int = 1) -> bytes:
    return number(1, version) + b"".join(metas)


def model(content: bytes, variables: bool = True, name: str = "saved_model.pb") -> Make:
    def make(place: Path) -> None:
        folder = place / "s"
        (folder / "variables").mkdir(parents=True)
        (folder / name).write_bytes(content)
        if variables:
            sound().write(folder / "variables")
            for path in list((folder / "variables").iterdir()):
                path.rename(path.with_name(path.name.replace(PREFIX, "variables", 1)))

    return make


def tried(cls: str, what: str, make: Make, *says: str, codes: tuple[int, ...] = READ) -> list[Case]:
    return [
        Case(cls, what, make, ("freeze", "s", "-o", "f.pb", "--no-sync"), codes, says),
        Case(cls, what, make, ("inspect", "s"), READ, blames="error: s"),
        Case(cls, what, make, ("verify", "s"), (DONE, NO, INPUT)),
        Case(cls, what, make, ("diff", "s", "s"), (DONE, NO, COMMAND_LINE, INPUT)),
    ]


def bad(cls: str, what: str, make: Make, *says: str, codes: tuple[int, ...] = (INPUT,)) -> list[Case]:
    return tried(cls, what, make, *says, codes=codes)


def without(*names: str) -> Make:
    def make(place: Path) -> None:
        model(saved(meta()))(place)
        for name in names:
            (place / "s" / name).unlink()

    return make


def asset(name: str) -> bytes:
    return field(6, field(1, field(1, "out:0")) + field(2, name))


def bound(at: int) -> bytes:
    """SavedObjectGraph.concrete_functions: one that takes that node as an input."""
    functions = field(2, field(1, "f") + field(2, field(2, varint(at))))
    return signature() + field(7, field(1, child(0)) + functions)


INDEX, DATA = "variables/variables.index", "variables/variables.data-00000-of-00001"


def graph_of_objects(*nodes: bytes) -> bytes:
    """MetaGraphDef.object_graph_def."""
    return signature() + field(7, b"".join(field(1, one) for one in nodes))


def child(at: int) -> bytes:
    return field(1, number(1, at) + field(2, "c"))


def with_objects(full_name: str, key: str) -> Make:
    """The variable is called a in the model's objects; the checkpoint's say this name, and this key."""
    told = field(1, field(1, number(1, 1) + field(2, "c")))
    told += field(1, field(2, field(1, "VARIABLE_VALUE") + field(2, full_name) + field(3, key)))
    lengths = struct.pack("<I", len(told))
    content = varint(len(told)) + struct.pack("<I", crc(lengths)) + told
    checksum = bundle.mask(bundle.crc32c(lengths + content[len(varint(len(told))) :]))

    def make(place: Path) -> None:
        model(saved(meta(graph_of_objects(child(1), field(7, number(1, 1) + field(6, "a"))))))(place)
        checkpoint = sound()
        checkpoint.rows[b"_CHECKPOINTABLE_OBJECT_GRAPH"] = Entry(STRING, (), 0, 24, len(content), checksum).encoded()
        checkpoint.data[checkpoint_data] += content
        checkpoint.write(place / "s" / "variables")
        for path in (place / "s" / "variables").glob(f"{PREFIX}.*"):
            path.rename(path.with_name(path.name.replace(PREFIX, "variables", 1)))

    return make


CASES: list[Case] = [
    *tried("S01", "a sound one, to compare with", model(saved(meta())), codes=(DONE,)),
    *bad("S01", "no saved_model.pb", model(b"", name="other.txt")),
    *tried("S02", "both forms", both(model(saved(meta())), file("s/saved_model.pbtxt", b"garbage {"))),
    *tried("S03", "schema 7", model(saved(meta(), version=7))),
    *bad("S04", "no graph", model(saved())),
    *tried("S04", "one tag set twice", model(saved(meta(), meta())), codes=(DONE, COMMAND_LINE, INPUT)),
    Case("S04", "no such tags", model(saved(meta())), ("freeze", "s", "--tag-set", "train", "-o", "f.pb"), (COMMAND_LINE, INPUT), ("train", "serve")),
    *bad("S05", "no variables", model(saved(meta()), variables=False), "'a'"),
    *bad("S05", "no index", without(INDEX)),
    *bad("S06", "no data", without(DATA), "variables.data"),
    *bad("S07", "no such output", model(saved(meta(signature("nowhere:0")))), "nowhere", codes=(COMMAND_LINE, INPUT)),
    *tried("S07", "another dtype", model(saved(meta(signature(dtype=3))))),
    *tried("S07", "no such port", model(saved(meta(signature("out:9"))))),
    *tried("S08", "an initialisation without output", model(saved(meta(signature(), field(5, field(1, "__saved_model_init_op") + field(2, b"")))))),
    *(case for name in ("../x", "/etc/passwd", "", "a\0b", "a/../../b") for case in tried("S09", ascii(name), model(saved(meta(signature(), asset(name)))))),
    *tried("S10", "no asset", model(saved(meta(signature(), asset("vocabulary.txt"))))),
    *tried("S11", "a collection of garbage", model(saved(meta(signature(), field(4, field(1, "variables") + field(2, field(2, field(1, b"\xff\xff")))))))),
    *tried("S12", "a saver of nothing", model(saved(meta(signature(), field(3, field(1, "nowhere:0") + field(2, "no") + field(3, "no")))))),
    *(case for at in (1, 9999, -1, 1 << 40) for case in tried("S13", f"child {at} of one", model(saved(meta(graph_of_objects(child(at))))))),
    *tried("S13", "a cycle", model(saved(meta(graph_of_objects(child(1), child(0)))))),
    *tried("S14", "of one mind, to compare with", with_objects("a", "a")),
    *tried("S14", "another name", with_objects("b", "a")),
    *tried("S14", "another key", with_objects("a", "b")),
    *tried("S14", "a key that is not there", with_objects("a", "gone")),
    *tried("S15", "no such function", model(saved(meta(graph_of_objects(child(1), field(6, field(1, "nowhere"))))))),
    *(case for at in (1, 99, 1 << 31) for case in tried("S16", f"bound input {at} of one", model(saved(meta(bound(at)))))),
    *tried("S17", "another fingerprint", both(model(saved(meta())), file("s/fingerprint.pb", number(1, 5)))),
    Case("S18", "its file for its folder", model(saved(meta())), ("inspect", "s/saved_model.pb"), (DONE,)),
    Case("S18", "the folder of variables", model(saved(meta())), ("inspect", "s/variables"), READ),
    Case("S18", "a model for a folder", file("m.pb", models.dense()), ("freeze", "m.pb", "-o", "f.pb"), (COMMAND_LINE, INPUT), ("m.pb",)),
    Case("S19", "no checkpoint beside it", file("m.meta", models.meta_graph(GRAPH)), ("inspect", "m.meta"), (DONE,), ("m.meta",)),
    Case("S19", "and freezing it", file("m.meta", models.meta_graph(GRAPH)), ("freeze", "m", "--outputs", "out", "-o", "f.pb"), (INPUT,)),
]
ELSEWHERE: list[Elsewhere] = []
NOT_APPLICABLE: dict[str, str] = {"S20": "The same as W28: a .meta is read as a graph is."}
