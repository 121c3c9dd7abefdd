"""The stub of the module in C++ says what the module has: functions, classes, arguments, defaults."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import tfthaw._core as core

stubgen = pytest.importorskip("nanobind.stubgen")
STUB = Path(__file__).resolve().parents[2] / "python/tfthaw/_core.pyi"


def signatures(text: str) -> dict[str, list[str]]:
    """By dotted name: arguments, each with a "=" when it has a default, and what kind of function it is."""
    found: dict[str, list[str]] = {}

    def visit(body: list[ast.stmt], scope: str) -> None:
        for node in body:
            if isinstance(node, ast.ClassDef):
                found[scope + node.name] = []
                visit(node.body, scope + node.name + ".")
            elif isinstance(node, ast.FunctionDef):
                every = [argument.arg for argument in node.args.args]
                plain = len(every) - len(node.args.defaults)
                kinds = sorted(ast.unparse(decorator) for decorator in node.decorator_list)
                found[scope + node.name] = kinds + every[:plain] + [name + "=" for name in every[plain:]]

    visit(ast.parse(text).body, "")
    return found


def test_the_stub_is_that_of_the_module() -> None:
    generator = stubgen.StubGen(module=core)
    generator.put(core)
    assert signatures(STUB.read_text()) == signatures(generator.get())
