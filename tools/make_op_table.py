#!/usr/bin/env python3
"""Writes src/ops/op_table_data.inc from the op and gradient registries of the installed TensorFlow.

    .venv/bin/python tools/make_op_table.py            write the table
    .venv/bin/python tools/make_op_table.py --check    exit 1 when the committed table differs

The table holds numbers and one block of text, no pointers: in a position independent program a pointer costs a
relocation at every start, and 15,000 of them cost more than thawing a small model.
"""
import argparse
import ast
import inspect
import os
import pathlib
import sys
import textwrap

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

OUTPUT = pathlib.Path(__file__).resolve().parent.parent / "src/ops/op_table_data.inc"

NO_GRADIENT, GRADIENT, NOT_DIFFERENTIABLE = "none", "registered", "not_differentiable"  # enum Gradient

# Ops of frozen graphs that TensorFlow has dropped since: signature as it was declared.
RETIRED = {
    "CompareAndBitpack": (("input: T", "threshold: T"), ("output: uint8",)),
    "GatherTree": (("step_ids: T", "parent_ids: T", "max_sequence_lengths: int32", "end_token: T"), ("beams: T",)),
    "ImageProjectiveTransform": (("images: dtype", "transforms: float"), ("transformed_images: dtype",)),
    "Resampler": (("data: T", "warp: T"), ("output: T",)),
}
TYPE_NUMBERS = {"float": 1, "int32": 3, "uint8": 4}  # core/framework/types.proto


def answer_of(function):
    """What a gradient function comes to: some say None for every input (ArgMax), some only raise (PreventGradient)."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, SyntaxError, TypeError):
        return GRADIENT
    returned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Return)]
    if not returned and any(isinstance(node, ast.Raise) for node in ast.walk(tree)):
        return NO_GRADIENT

    def is_nothing(value):
        if isinstance(value, (ast.List, ast.Tuple)):
            return all(is_nothing(item) for item in value.elts)
        return value is None or (isinstance(value, ast.Constant) and value.value is None)

    return NOT_DIFFERENTIABLE if returned and all(is_nothing(value) for value in returned) else GRADIENT


def gradient_of(op, registry, registered):
    if op not in registered:
        return NO_GRADIENT
    function = registry.lookup(op)
    return NOT_DIFFERENTIABLE if function is None else answer_of(function)


def argument(arg, op):
    """(name, type, default type, is_ref, type_attr, number_attr, type_list_attr)"""
    default = next((a.default_value.type for a in op.attr if a.name == arg.type_attr), 0)
    return arg.name, arg.type, default, int(arg.is_ref), arg.type_attr, arg.number_attr, arg.type_list_attr


def retired_argument(declared):
    name, kind = declared.split(": ")
    number = TYPE_NUMBERS.get(kind, 0)
    return name, number, 0, 0, "" if number else kind, "", ""


def read_op_list():
    """The OpDefs that TensorFlow knows, and its version."""
    import tensorflow as tf
    from tensorflow.core.framework import op_def_pb2
    from tensorflow.python.client import pywrap_tf_session

    all_ops = op_def_pb2.OpList()
    all_ops.ParseFromString(pywrap_tf_session.TF_GetBuffer(pywrap_tf_session.TF_GetAllOpList()))
    return all_ops.op, tf.__version__


def read_registry():
    """{op: (inputs, outputs, gradient, stateful, retired)} and TensorFlow's version."""
    from tensorflow.python.framework import ops

    op_list, version = read_op_list()
    registry = getattr(ops, "gradient_registry", None) or ops._gradient_registry
    registered = set(registry.list())
    table = {}
    for op in op_list:
        table[op.name] = (tuple(argument(a, op) for a in op.input_arg), tuple(argument(a, op) for a in op.output_arg),
                          gradient_of(op.name, registry, registered), int(op.is_stateful), 0)
    for name, sides in RETIRED.items():
        if name not in table:
            table[name] = (*(tuple(map(retired_argument, side)) for side in sides), NO_GRADIENT, 0, 1)
    return table, version


def wrapped(items, separator, start, end):
    """`items` in lines of at most 110 columns."""
    lines, line = [], ""
    for item in items:
        if line and len(start + line + separator + item + end) > 110:
            lines.append(start + line + end)
            line = ""
        line += (separator if line else "") + item
    return lines + [start + line + end]


def render(table, version):
    names = sorted(table)
    texts = {"": 0} | {name: number for number, name in enumerate(names, 1)}
    lists, arguments = {(): 0}, []

    def text(value):
        assert not value[:1].isdigit() and value.isascii(), value  # "\0" before a digit would be another escape
        return texts.setdefault(value, len(texts))

    def place(side):
        if side not in lists:
            lists[side] = len(arguments)
            arguments.extend(side)
        return lists[side], len(side)

    rows = []
    for name in names:
        inputs, outputs, gradient, stateful, retired = table[name]
        rows.append("{{%d,%d}, {%d,%d}, Gradient::%s, %d, %d},  // %s" % (
            *place(inputs), *place(outputs), gradient, stateful, retired, name))
    arg_rows = ["{%d,%d,%d,%d,%d,%d,%d}" % (text(n), text(t), text(c), text(l), kind, default, ref)
                for n, kind, default, ref, t, c, l in arguments]
    lines = [
        f"// Generated by tools/make_op_table.py from TensorFlow {version}. Do not edit.",
        f'constexpr std::string_view kTensorFlowVersion = "{version}";',
        f"constexpr std::size_t kOpCount = {len(names)};",
        f"constexpr std::size_t kTextCount = {len(texts)};",
        "", "// Each ends in a zero byte: the empty text, the ops' names in order, then names of arguments and attributes.",
        "constexpr char kText[] =",
        *wrapped([name + "\\0" for name in texts], "", '    "', '"'),
        "    ;", "",
        "// {name, type_attr, number_attr, type_list_attr: numbers of texts; type, default type, is a reference}",
        "constexpr ArgRow kArgs[] = {", *wrapped(arg_rows, ", ", "    ", ","), "};", "",
        "// {{first input, inputs}, {first output, outputs}, gradient, stateful, retired}",
        "constexpr OpInfo kOps[] = {", *("    " + row for row in rows), "};", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed table, write nothing")
    check = parser.parse_args().check
    content = render(*read_registry())
    if not check:
        OUTPUT.write_text(content)
    elif OUTPUT.read_text() != content:
        sys.exit(f"{OUTPUT.name} is not what this TensorFlow's registries give; run tools/make_op_table.py")


if __name__ == "__main__":
    main()
