"""Where the files go, what lies beside them, and what is never touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import models
from folder import checkpoint_files, contents, names, unchanged
from program import thaw

STATE = 'model_checkpoint_path: "{0}"\nall_model_checkpoint_paths: "{0}"\n'
ALSO = (
    'model_checkpoint_path: "new"\nall_model_checkpoint_paths: "older"\nall_model_checkpoint_paths: "new"\n'
)
# What follows the model's name, and the prefix of the files.
PLACES = {
    "default": ([], "d.thawed/model.ckpt"),
    "name": (["-o", "m"], "m"),
    "dots": (["-o", "m.v1.ckpt"], "m.v1.ckpt"),
    "long": (["--output", "m"], "m"),
    "equals": (["--output=m"], "m"),
    "folder": (["-o", "there"], "there/model.ckpt"),
    "folder and slash": (["-o", "there/"], "there/model.ckpt"),
    "new folder": (["-o", "new/"], "new/model.ckpt"),
    "new parents": (["-o", "a/b/c/m"], "a/b/c/m"),
    "up and down": (["-o", "there/../m"], "m"),
    "here": (["-o", "."], "model.ckpt"),
    "index": (["-o", "a/m.index"], "a/m"),
    "meta": (["-o", "a/m.meta"], "a/m"),
    "data": (["-o", "a/m.data-00000-of-00001"], "a/m"),
    "step": (["-o", "m-1000"], "m-1000"),
    "space": (["-o", "my models/the one"], "my models/the one"),
    "other letters": (["-o", "mödel/模型"], "mödel/模型"),
    "a model's name": (["-o", "d.pb"], "d.pb"),
    "through a link": (["-o", "link/m"], "there/m"),
    "dash": (["--output=-m"], "-m"),
}


@pytest.mark.parametrize("words, prefix", PLACES.values(), ids=PLACES.keys())
def test_place(desk: Path, words: list[str], prefix: str) -> None:
    (desk / "there").mkdir()
    (desk / "link").symlink_to("there")
    before = names(desk)
    run = thaw("d.pb", "--no-sync", *words, cwd=desk)
    assert run.code == 0, run.err
    assert sorted(set(names(desk)) - set(before)) == checkpoint_files(prefix)
    folder, base = os.path.split(prefix)
    assert (desk / folder / "checkpoint").read_text() == STATE.format(base)
    assert run.err.startswith("next:  ") and f"/{base}.meta'" in run.err.replace("'", "/", 1)


def test_default_lies_in_the_current_folder(desk: Path) -> None:
    (desk / "elsewhere").mkdir()
    assert thaw("../d.pb", "-q", "--no-sync", cwd=desk / "elsewhere").code == 0
    assert names(desk / "elsewhere") == checkpoint_files("d.thawed/model.ckpt")


@pytest.mark.parametrize(
    "words", [[], ["-f"], ["--verify"], ["--json"]], ids=lambda words: " ".join(words) or "plain"
)
def test_dry_run_writes_nothing(desk: Path, words: list[str]) -> None:
    thaw("d.pb", "-o", "m", "--no-sync", cwd=desk)
    with unchanged(desk):
        for place in (["-o", "a/b/"], []):
            assert thaw("doubt.pb", "-n", *place, *words, cwd=desk).code == 0


def test_replacing(desk: Path) -> None:
    thaw("d.pb", "-o", "m", "--no-sync", cwd=desk)
    thaw("doubt.pb", "--thaw", "third", "-o", "other/m", "--no-sync", cwd=desk)
    with unchanged(desk):
        assert thaw("doubt.pb", "--thaw", "third", "-o", "m", cwd=desk).code == 4
    run = thaw("doubt.pb", "--thaw", "third", "-o", "m", "--force", cwd=desk)
    assert run.code == 0, run.err
    for name in checkpoint_files("m"):
        assert (desk / name).read_bytes() == (desk / "other" / name).read_bytes()
    assert names(desk) == sorted(["d.pb", "doubt.pb", *checkpoint_files("m"), *checkpoint_files("other/m")])


def test_others_stay(desk: Path) -> None:
    """--force replaces its own prefix only."""
    (desk / "out").mkdir()
    for name in ("m2.index", "m2.meta", "m", "m.txt", "am.index", "m.index.bak", "m.data-00000-of-00001.txt"):
        (desk / "out" / name).write_text(name)
    before = contents(desk)
    assert thaw("d.pb", "-q", "-o", "out/m", "--force", "--no-sync", cwd=desk).code == 0
    after = contents(desk)
    assert {name: after[name] for name in before} == before


STATES = {
    "none": (None, [], STATE.format("new")),
    "none, kept": (None, ["--keep-state"], STATE.format("new")),
    "ours": (STATE.format("new"), [], STATE.format("new")),
    "ours, kept": (STATE.format("new"), ["--keep-state"], STATE.format("new")),
    "another's, kept": (STATE.format("older"), ["--keep-state"], STATE.format("older")),
    "another's, forced": (STATE.format("older"), ["--force"], ALSO),
    "another's, forced and kept": (STATE.format("older"), ["--force", "--keep-state"], STATE.format("older")),
    "both": (ALSO, ["--force"], ALSO),
    "no state, kept": ("remember\n", ["--keep-state"], "remember\n"),
    "no state, forced": ("remember\n", ["--force"], STATE.format("new")),
}


@pytest.mark.parametrize("before, words, after", STATES.values(), ids=STATES.keys())
def test_state_file(desk: Path, before: str | None, words: list[str], after: str) -> None:
    (desk / "out").mkdir()
    if before is not None:
        (desk / "out" / "checkpoint").write_text(before)
    run = thaw("d.pb", "-o", "out/new", "--no-sync", *words, cwd=desk)
    assert run.code == 0, run.err
    assert names(desk / "out") == checkpoint_files("new")
    assert (desk / "out" / "checkpoint").read_text() == after


@pytest.mark.parametrize(
    "prefix",
    ["it's", 'the "best"', "new\nline", "tab\there", "模型", "50%", "a=b", "x#1", "\udcff"],
    ids=ascii,
)
def test_state_file_is_read_again(desk: Path, prefix: str) -> None:
    """What is written for an odd name is understood by the next run; or the name is refused."""
    with_odd_name = thaw("d.pb", "-o", prefix, "--no-sync", cwd=desk)
    if with_odd_name.code != 0:
        assert with_odd_name.code in (2, 4)
        assert all(with_odd_name.parts)
        assert names(desk) == ["d.pb", "doubt.pb"]
        return
    run = thaw("d.pb", "-o", "new", cwd=desk)
    assert run.code == 4
    assert "names other checkpoints" in run.parts[0]


# The input's name, the prefix, and which names lead to the same file.
OWN_INPUTS = {
    "meta": ("m.meta", "m", None),
    "index": ("m.index", "m", None),
    "data": ("m.data-00000-of-00001", "m", None),
    "state file": ("./checkpoint", "m", None),
    "by another way": ("m.meta", "there/../m", None),
    "through a link": ("link.pb", "m", "m.meta"),
    "default": ("d.thawed/model.ckpt.meta", "d.thawed/model.ckpt", None),
}


@pytest.mark.parametrize("name, prefix, target", OWN_INPUTS.values(), ids=OWN_INPUTS.keys())
@pytest.mark.parametrize(
    "words", [[], ["--force"], ["--force", "--keep-state"]], ids=lambda words: " ".join(words) or "plain"
)
def test_input_is_never_replaced(
    desk: Path, name: str, prefix: str, target: str | None, words: list[str]
) -> None:
    (desk / "there").mkdir()
    model = desk / (target or name)
    model.parent.mkdir(exist_ok=True)
    model.write_bytes(models.dense())
    if target:
        (desk / name).symlink_to(target)
    run = thaw(name, "-o", prefix, "--no-sync", *words, cwd=desk)
    assert model.read_bytes() == models.dense()
    if name == "./checkpoint" and "--keep-state" in words:  # then nothing is in the way
        assert run.code == 0
        return
    assert run.code == 4
    assert all(run.parts)
    assert not (desk / f"{prefix}.index").exists() or name.endswith(".index")


@pytest.mark.parametrize("mask, mode", [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)], ids=oct)
def test_permissions_follow_the_mask(desk: Path, mask: int, mode: int) -> None:
    assert thaw("d.pb", "-q", "-o", "out/m", "--no-sync", cwd=desk, umask=mask).code == 0
    assert {path.stat().st_mode & 0o777 for path in (desk / "out").iterdir()} == {mode}
