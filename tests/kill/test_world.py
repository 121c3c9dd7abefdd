"""That the checks of killed and failed runs notice what they are there for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from commands import WRITING
from outputs import Forbidden, Tree
from program import binary
from world import World, expect_three_parts, lay

DATA = "m.data-00000-of-00001"


def mixed(old: Tree, new: Tree) -> Tree:
    return old | {DATA: new[DATA]}


def without_the_old_one(old: Tree, new: Tree) -> Tree:
    return {path: content for path, content in old.items() if path != "m.index"}


def kept_in_part(old: Tree, new: Tree) -> Tree:
    gone = without_the_old_one(old, new)
    return gone | {"m.replaced.index": old["m.index"], "m.replaced.meta": old["m.meta"]}


def new_one_kept(old: Tree, new: Tree) -> Tree:
    return old | {path.replace("m.", "m.replaced.", 1): new[path] for path in ("m.index", "m.meta", DATA)}


def half_written(old: Tree, new: Tree) -> Tree:
    content = new[DATA]
    assert content
    return new | {DATA: content[: len(content) // 2]}


def strange_file(old: Tree, new: Tree) -> Tree:
    return old | {"m.index.tmp": b""}


def others_changed(old: Tree, new: Tree) -> Tree:
    return old | {"m2.index": b"ours"}


def others_removed(old: Tree, new: Tree) -> Tree:
    return {path: content for path, content in old.items() if path != "notes.txt"}


def strange_state(old: Tree, new: Tree) -> Tree:
    return old | {"checkpoint": b'model_checkpoint_path: "x"\n'}


@pytest.mark.parametrize("damage", [mixed, without_the_old_one, kept_in_part, new_one_kept, half_written, strange_file,
                                    others_changed, others_removed, strange_state], ids=lambda damage: damage.__name__)
def test_damage_is_seen(damage: Callable[[Tree, Tree], Tree], place: Path) -> None:
    world = World(Path(binary()), WRITING[0], "small", True, place / "desk", sync=False)
    for tree in (world.before, world.after):
        lay(tree, world.out)
        assert world.state() in ("old", "new")
    lay(damage(world.before, world.after), world.out)
    with pytest.raises(Forbidden):
        world.state()


def test_leftovers_that_stay_are_seen(place: Path) -> None:
    world = World(Path(binary()), WRITING[0], "small", False, place / "desk", sync=False)
    lay({".m.index.thaw-1-1-x": b""}, world.out)  # no temporary of a run that was killed: nobody removes it
    with pytest.raises(Forbidden):
        world.check_healed()


@pytest.mark.parametrize("message", ["", "error: what\n", "error: what\n  try:      that\n", "what\n  expected: it\n  try:      that\n"])
def test_less_than_three_parts_is_seen(message: str) -> None:
    with pytest.raises(Forbidden):
        expect_three_parts(message)
