"""What the TensorFlow tests share: the tool, the own models, and small frozen graphs made by hand."""

from __future__ import annotations

import collections
import contextlib
import os
from pathlib import Path

import pytest

import cases
import warm


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="tests marked `long`, and of those marked `product` every combination")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: minutes; only with --all")
    config.addinivalue_line("markers", "first: many tests that take a minute together")
    config.addinivalue_line("markers", "product: without --all every value of every parameter, but not each with each")


    if not config.getoption("--all") and not hasattr(config, "workerinput"):  # workers find the server of the one that starts them
        ends = contextlib.ExitStack()
        ends.enter_context(warm.server())
        config.add_cleanup(ends.close)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Thins the products, the same way each time, and puts files that take long first."""
    if not config.getoption("--all"):
        _thin(config, items)
    # With those behind (as --dist loadfile has it) one worker would end minutes late. Where tests are few, they are long.
    tests = collections.Counter(item.path for item in items)
    items.sort(key=lambda item: (item.get_closest_marker("first") is None, tests[item.path]))


def _thin(config: pytest.Config, items: list[pytest.Item]) -> None:
    products: dict[str, list[pytest.Function]] = {}
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("product"):
            products.setdefault(item.nodeid.split("[")[0], []).append(item)
    dropped = {id(item) for item in items if item.get_closest_marker("long")}
    dropped |= {id(item) for product in products.values() for item in _combinations_not_needed(product)}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in dropped])
    items[:] = [item for item in items if id(item) not in dropped]


def _place(seen: list[int], value: object) -> int:
    if id(value) not in seen:
        seen.append(id(value))
    return seen.index(id(value))


def _combinations_not_needed(product: list[pytest.Function]) -> list[pytest.Function]:
    """Each value of the longest parameter stays once, while the others take turns; so each of theirs stays too."""
    seen: dict[str, list[int]] = {name: [] for name in product[0].callspec.params}
    places = [{name: _place(seen[name], value) for name, value in item.callspec.params.items()} for item in product]
    sizes = {name: 1 + max(place[name] for place in places) for name in places[0]}
    first, *others = sorted(sizes, key=lambda name: (-sizes[name], name))
    dropped = []
    for item, place in zip(product, places, strict=True):
        turn = place[first]
        for name in others:
            if place[name] != turn % sizes[name]:
                dropped.append(item)
                break
            turn = turn // sizes[name] + place[first]
    return dropped


@pytest.fixture(scope="session")
def models() -> Path:
    """The folder of own models, made when missing; $THAW_MODELS names another place for it."""
    folder = Path(os.environ.get("THAW_MODELS") or cases.OWN)
    cases.own(folder)
    return folder


@pytest.fixture(scope="session")
def mlp(models: Path) -> Path:
    return models / "mlp" / "frozen.pb"
