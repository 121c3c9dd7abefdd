"""Progress for whoever wants to see it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional, Protocol, Union

__all__ = ["Bar", "Progress", "as_callback"]


class Bar(Protocol):
    """A bar of tqdm, or what is used like one."""

    total: Any

    def update(self, n: int, /) -> Any:
        """`n` bytes more are done."""


#: Called with the bytes done so far and the bytes in all; or a bar of tqdm, which is given its total.
Progress = Union[Callable[[int, int], Any], Bar, None]


def as_callback(progress: Progress) -> Optional[Callable[[int, int], Any]]:
    """`progress` as the library calls it."""
    if progress is None:
        return None
    bar: Any = progress
    if not hasattr(bar, "update"):
        return bar  # type: ignore[no-any-return]
    before = 0

    def update(done: int, total: int) -> None:
        nonlocal before
        bar.total = total
        bar.update(done - before)
        before = done

    return update
