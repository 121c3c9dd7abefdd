"""A table of the weights in the shape of Keras's `model.summary()`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from ._model import Model

__all__ = ["summary_lines"]

_LEAST = 65
_HEAD = ("Weight (type)", "Shape", "Param #", "Role")


def _shape_text(shape: Any) -> str:
    if shape is None:
        return "?"
    return "(" + ", ".join("None" if dim is None else str(dim) for dim in shape) + ("," if len(shape) == 1 else "") + ")"


def _count(shape: Any) -> int:
    count = 1
    for dim in shape or ():
        count *= dim or 0
    return count


def _size_text(size: float) -> str:
    for unit in ("B", "KB", "MB"):
        if size < 1024:
            return f"{size:.2f} {unit}"
        size /= 1024
    return f"{size:.2f} GB"


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def summary_lines(model: Model, line_length: Optional[int]) -> Iterator[str]:
    """The lines of the table. Names with odd characters are escaped."""
    listed = model.report["variables"]
    rows = [
        (f"{_plain(weight['name'])} ({weight['dtype']})", _shape_text(weight["shape"]),
         f"{_count(weight['shape']):,}", weight["role"])
        for weight in listed
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in [_HEAD, *rows]) for column in range(len(_HEAD))]
    length = line_length or max(_LEAST, sum(widths) + 2 * (len(widths) - 1))
    widths[0] = max(len(_HEAD[0]), length - sum(widths[1:]) - 2 * (len(widths) - 1))
    yield f'Model: "{_plain(model.path)}"'
    yield "_" * length
    yield _line(_HEAD, widths)
    yield "=" * length
    for row in rows:
        yield _line(row, widths)
    yield "=" * length
    yield from _totals(model.report["roles"])
    yield "_" * length


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, shape, count, role = (_cut(text, width) for text, width in zip(row, widths))
    return f"{name:<{widths[0]}}  {shape:<{widths[1]}}  {count:>{widths[2]}}  {role}".rstrip()


def _totals(roles: dict[str, dict[str, int]]) -> Iterator[str]:
    trainable = roles["trainable"]
    others = [roles[role] for role in ("statistic", "state")]
    parameters = sum(total["parameters"] for total in others)
    size = sum(total["bytes"] for total in others)
    all_parameters, all_bytes = parameters + trainable["parameters"], size + trainable["bytes"]
    yield f"Total params: {all_parameters:,} ({_size_text(all_bytes)})"
    yield f"Trainable params: {trainable['parameters']:,} ({_size_text(trainable['bytes'])})"
    yield f"Non-trainable params: {parameters:,} ({_size_text(size)})"


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
