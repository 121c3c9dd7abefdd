"""A folder in which one checkpoint is being replaced by another, and what may be found there afterwards."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from bundle import Corrupt, read_bundle

BASE = "model.ckpt"
MEMBER = re.compile(r"\.(index|meta|data-\d{5,}-of-\d{5,})")
TEMPORARY = re.compile(rf"\.{re.escape(BASE)}(\.index|\.meta|\.data-\d+-of-\d+|\.state)\.thaw-[\w-]+(\.commit|\.restore)?")
Files = dict[str, bytes]


class Forbidden(Exception):
    """A state that must not be."""


@dataclass
class World:
    """`old` and `new` are whole folders, as a run that nobody disturbed leaves them."""

    thaw: Path
    model: Path
    folder: Path
    sync: bool
    old: Files = field(default_factory=dict)
    new: Files = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.new = self._fresh(self.model, [])
        # The same names and sizes, so that a mixture would load: other bits, and another graph around them.
        other = self.folder.parent / "other.pb"
        other.write_bytes(self._with_another_bit())
        self.old = self._fresh(other, ["--variables", "ref"])
        for name in self.old:
            if name != "checkpoint" and self.old[name] == self.new.get(name):
                raise SystemExit(f"{name} is the same in both checkpoints: {self.model} is no model for this check")

    def command(self, *options: str) -> list[str]:
        sync = [] if self.sync else ["--no-sync"]
        return [str(self.thaw), str(self.model), "-o", str(self.folder / BASE), "-q", *sync, *options]

    def reset(self, files: Files | None = None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        for name, content in (self.old if files is None else files).items():
            (self.folder / name).write_bytes(content)

    def files(self) -> Files:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}

    def check_killed(self, again: bool = False) -> str:
        """The state a killed run left; raises Forbidden. A reader must see one set or none, and lose none.

        `again`: a second run was killed, which may have found the new set and replaced it.
        """
        files = self.files()
        self._check_names(files)
        here, kept = self._set_under(files, BASE), self._set_under(files, BASE + ".replaced")
        if here == "mixed" or kept == "mixed":
            raise Forbidden(f"mixed bytes: {BASE} {here}, {BASE}.replaced {kept}")
        if here == "absent" and kept != "old" and not (again and kept == "new"):
            raise Forbidden(f"the old checkpoint is gone: {BASE} {here}, {BASE}.replaced {kept}")
        if kept == "new" and not again:
            raise Forbidden("the new checkpoint is kept as the old one")
        return f"{here}, {kept} as .replaced"

    def check_healed(self) -> None:
        run = subprocess.run(self.command("--force"), capture_output=True, text=True, check=False)
        if run.returncode != 0:
            raise Forbidden(f"the next run ended with {run.returncode}: {run.stderr.strip()}")
        if self.files() != self.new:
            raise Forbidden(f"the next run left {sorted(self.files())}")

    def check_unchanged(self) -> None:
        if self.files() != self.old:
            raise Forbidden(f"a run that failed left {sorted(self.files())}")

    def _fresh(self, model: Path, options: list[str]) -> Files:
        self.reset({})
        command = [str(model) if word == str(self.model) else word for word in self.command(*options)]
        subprocess.run(command, check=True, capture_output=True)
        read_bundle(self.folder / BASE)
        return self.files()

    def _with_another_bit(self) -> bytes:
        model = bytearray(self.model.read_bytes())
        data = self.new[BASE + ".data-00000-of-00001"]
        at = model.find(data[len(data) // 2 : len(data) // 2 + 64])
        if at < 0:
            raise SystemExit(f"{self.model} holds its weights in another form than the checkpoint: no model for this check")
        model[at] ^= 1
        return bytes(model)

    def _set_under(self, files: Files, base: str) -> str:
        members = {name[len(base):]: content for name, content in files.items()
                   if name.startswith(base) and MEMBER.fullmatch(name[len(base):])}
        if ".index" not in members:
            return "absent"
        try:
            read_bundle(self.folder / base)
        except Corrupt:
            return "mixed"
        for word, reference in (("old", self.old), ("new", self.new)):
            if members == {name[len(BASE):]: content for name, content in reference.items() if name != "checkpoint"}:
                return word
        return "mixed"

    def _check_names(self, files: Files) -> None:
        for name, content in files.items():
            known = name.startswith(BASE) and MEMBER.fullmatch(name[len(BASE):].removeprefix(".replaced"))
            if name == "checkpoint":
                if content not in (self.old[name], self.new[name]):
                    raise Forbidden("the state file is neither the old one nor the new one")
            elif not known and not TEMPORARY.fullmatch(name):
                raise Forbidden(f"what is {name}?")


def expect_three_parts(stderr: str) -> None:
    """An error says what is wrong, what was expected and what to try."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    if not lines or not lines[0].startswith("error: ") or len(lines) < 3:
        raise Forbidden(f"no message of three parts: {stderr!r}")
