"""A folder in which one command writes, and what may be found there afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from bundle import read_bundle
from commands import MODEL, Command, model
from outputs import Checkpoint, Forbidden, Tree, strangers

ERROR = re.compile(r"error: (.+)\n  expected: (.+)\n  try:      (.+)\n(?:.*\n)*")
SECONDS = 60
# Beside what is replaced: other people's files, of which nothing may change.
BESIDE: Tree = {"m2.index": b"another's", "notes.txt": b"notes", ".hidden": b"hidden", "s2": None, "s2/saved_model.pb": b"another's"}
STATE = b'model_checkpoint_path: "older"\nall_model_checkpoint_paths: "older"\nall_model_checkpoint_paths: "m"\n'


def tree_of(folder: Path) -> Tree:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def lay(tree: Tree, folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path, content in sorted(tree.items()):
        if content is None:
            (folder / path).mkdir()
        else:
            (folder / path).write_bytes(content)


def with_another_bit(frozen: bytes, weights: bytes) -> bytes:
    """The same model with one other weight: the same names and sizes, so that a mixture would load."""
    for start in range(len(weights) // 2, len(weights) - 8, 4):
        at = frozen.find(weights[start : start + 8])
        if at >= 0:
            return frozen[:at] + bytes([frozen[at] ^ 1]) + frozen[at + 1 :]
    raise SystemExit("the model holds its weights in another form than the checkpoint: no model for this check")


class World:
    """`before` and `after` are all that is in `out`, as runs that nobody disturbs leave it."""

    def __init__(self, thaw: Path, command: Command, size: str, replaces: bool, folder: Path, sync: bool = True) -> None:
        self.thaw, self.command, self.replaces, self.sync = str(thaw.resolve()), command, replaces, sync
        self.name = f"{command.name}, {size}, {'replacing' if replaces else 'new'}"
        self.folder = folder
        self.out = folder / "out"
        frozen = model(size)
        self._prepare(frozen)
        self.before: Tree = self._replaced(frozen) if replaces else {}
        self.reset()
        self._run_undisturbed()
        self.after = tree_of(self.out)
        self.inputs = tree_of(folder / "in")
        self._check_sense()

    def words(self, force: bool | None = None) -> list[str]:
        options = [] if not self.command.outputs else [] if self.sync else ["--no-sync"]
        forced = ["--force"] if (self.replaces if force is None else force) else []
        return [self.thaw, *self.command.words, "-q", *options, *forced]

    def reset(self) -> None:
        lay(self.before, self.out)

    def state(self, again: bool = False) -> str:
        """The state in which a killed run left what it writes; raises Forbidden."""
        now = tree_of(self.out)
        states = [output.state(now, self.before, self.after, again) for output in self.command.outputs]
        for path in strangers(now, self.command.outputs):
            if now[path] != self.before.get(path, b"nothing"):
                raise Forbidden(f"what is {path}?")
        self._check_others(now)
        return " and ".join(states)

    def check_healed(self) -> None:
        """The next run leaves what a run that nobody disturbed leaves; it needs --force only over what is whole."""
        if not self.replaces:
            state = self.state(again=True)
            run = self._run(self.words(force=False))
            # What two killed runs kept of the first one's result is put back, and is in the way then.
            if run.returncode != (4 if "new" in state or "kept" in state else 0):
                raise Forbidden(f"the next run ended with {run.returncode}: {run.stderr.strip()}")
        run = self._run(self.words(force=True))
        if run.returncode != 0:
            raise Forbidden(f"the next run ended with {run.returncode}: {run.stderr.strip()}")
        self.check_is(self.after, "the next run")

    def check_is(self, tree: Tree, who: str) -> None:
        now = tree_of(self.out)
        if now != tree:
            differ = sorted(path for path in now.keys() | tree.keys() if now.get(path, b"-") != tree.get(path, b"-"))
            raise Forbidden(f"{who} left something else: {', '.join(differ)}")

    def _check_others(self, now: Tree) -> None:
        gone = [path for path in self.before if path not in now and path in BESIDE]
        if gone:
            raise Forbidden(f"{', '.join(gone)} was removed")
        if tree_of(self.folder / "in") != self.inputs:
            raise Forbidden("what was read has changed")

    def _run(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=self.folder, capture_output=True, text=True, errors="replace", timeout=SECONDS, check=False)

    def _run_undisturbed(self, *options: str) -> None:
        run = self._run([*self.words(), *options])
        if run.returncode != 0:
            raise SystemExit(f"{self.name} ended with {run.returncode}: {run.stderr}")

    def _prepare(self, frozen: bytes) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "in").mkdir(parents=True)
        (self.folder / MODEL).write_bytes(frozen)
        self.command.prepare(self.folder, self.thaw)

    def _replaced(self, frozen: bytes) -> Tree:
        """What the command leaves for another model; and the inputs are those of `frozen` again."""
        numbers = self.folder / "numbers"
        self._run([self.thaw, MODEL, "-o", str(numbers), "-q", "--no-sync"])
        weights = Path(f"{numbers}.data-00000-of-00001").read_bytes()
        self._prepare(with_another_bit(frozen, weights))
        lay({}, self.out)
        self._run_undisturbed(*self.command.before)
        old = tree_of(self.out) | BESIDE
        for output in self.command.outputs:
            if isinstance(output, Checkpoint):
                old[str(Path(output.path).parent / "checkpoint")] = STATE
        self._prepare(frozen)
        return old

    def _check_sense(self) -> None:
        """All that is replaced differs, so that a mixture is seen; and both are whole checkpoints."""
        for output in self.command.outputs:
            if isinstance(output, Checkpoint):
                read_bundle(self.out / output.path)
        same = [path for path in self.before if path not in BESIDE and self.before[path] is not None
                and self.before[path] == self.after.get(path) and not path.endswith(("saved_model.pb", "checkpoint"))]
        if same:
            raise SystemExit(f"{self.name}: {', '.join(same)} is the same before and after: no model for this check")


def expect_three_parts(err: str) -> None:
    """An error says what is wrong, what was expected and what to try."""
    if not ERROR.fullmatch(err):
        raise Forbidden(f"no message of three parts: {err!r}")
