"""Ways to damage a checkpoint, each with the place that `thaw verify` has to name.

A corruption changes files in a folder and returns where it did; None where it does not apply.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bundle_files import Files

# Those that only a report of warnings tells: no value is wrong.
WARNINGS = {"data_extended", "state_garbage", "state_gone", "entry_added", "index_gap"}


@dataclass
class Sound:
    """A sound set of files, which corruptions get a copy of."""

    name: str
    folder: Path
    word: str  # what verify is given, below the folder
    prefix: str = ""  # of the checkpoint, below the folder
    version: int = 2
    model: Path | None = None
    meta: str = ""  # the .meta, or saved_model.pb, below the folder


@dataclass
class Where:
    """One of these places, by what a report says of it; empty: anything."""

    file: str = ""  # the end of its name
    keys: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    byte: int | None = None


Corruption = Callable[[random.Random, Path, Sound], "Where | None"]
ALL: dict[str, Corruption] = {}


def corruption(run: Corruption) -> Corruption:
    ALL[run.__name__] = run
    return run


def flip(path: Path, bit: int) -> None:
    data = bytearray(path.read_bytes())
    data[bit // 8] ^= 1 << bit % 8
    path.write_bytes(bytes(data))


def opened(folder: Path, sound: Sound) -> Files | None:
    return Files.read(folder / sound.prefix) if sound.version == 2 and sound.prefix else None


def name(key: bytes) -> str:
    return key.decode("utf-8", "replace")


def stored(files: Files) -> list[bytes]:
    """Keys of entries with bytes, whole tensors only."""
    return [k for k, e in files.entries.items() if e.size > 0 and not k.startswith(b"\0") and not e.slices]


def pick(rng: random.Random, keys: list[bytes]) -> bytes | None:
    return rng.choice(keys) if keys else None


# -- bytes


@corruption
def data_bit(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    key = pick(rng, [k for k, e in files.entries.items() if e.size > 0]) if files else None
    if key is None or files is None:
        return None
    entry = files.entries[key]
    flip(files.data(entry.shard), 8 * entry.offset + rng.randrange(8 * entry.size))
    sharing = tuple(name(k) for k, e in files.entries.items() if (e.shard, e.offset) == (entry.shard, entry.offset))
    return Where(files.data(entry.shard).name, sharing, byte=entry.offset)


@corruption
def index_bit(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    if files is None:
        return None
    path = Path(f"{files.prefix}.index")
    flip(path, rng.randrange(8 * (path.stat().st_size - 48)))
    return Where(path.name)


@corruption
def footer_bit(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    if sound.version != 2:
        return None
    path = folder / f"{sound.prefix}.index"
    size = path.stat().st_size
    flip(path, 8 * (size - 48) + rng.randrange(8 * 48))
    return Where(path.name)


@corruption
def index_cut(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    if sound.version != 2:
        return None
    path = folder / f"{sound.prefix}.index"
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data))])
    return Where(path.name)


@corruption
def index_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    if sound.version != 2 or not sound.word.endswith(sound.prefix):
        return None
    path = folder / f"{sound.prefix}.index"
    path.unlink()
    return Where(path.name)


@corruption
def data_cut(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    shard = rng.randrange(files.shards) if files else 0
    if files is None or not (size := files.data(shard).stat().st_size):
        return None
    left = rng.randrange(size)
    files.data(shard).write_bytes(files.data(shard).read_bytes()[:left])
    cut = tuple(name(k) for k, e in files.entries.items() if e.shard == shard and e.end > left)
    return Where(files.data(shard).name, cut)


@corruption
def data_extended(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    if files is None:
        return None
    path = files.data(files.shards - 1)
    size = path.stat().st_size
    path.write_bytes(path.read_bytes() + rng.randbytes(rng.randrange(1, 100)))
    return Where(path.name, byte=size)


@corruption
def data_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    used = sorted({e.shard for e in files.entries.values() if e.size}) if files else []
    if files is None or not used:
        return None
    path = files.data(rng.choice(used))
    path.unlink()
    return Where(path.name)


# -- the first format


@corruption
def v1_bit(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    path = v1_file(rng, folder, sound)
    if path is None:
        return None
    flip(path, rng.randrange(8 * path.stat().st_size))
    return Where(path.name)


@corruption
def v1_cut(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    path = v1_file(rng, folder, sound)
    if path is None:
        return None
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(1, len(data))])
    return Where(path.name)


@corruption
def v1_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    path = v1_file(rng, folder, sound)
    if path is None or path.name == sound.prefix:
        return None
    path.unlink()
    return Where(sound.word)


def v1_file(rng: random.Random, folder: Path, sound: Sound) -> Path | None:
    if sound.version != 1:
        return None
    files = [p for p in sorted(folder.glob(f"{sound.prefix}*")) if not p.name.endswith(".meta")]
    return rng.choice(files)


# -- what lies beside it


@corruption
def state_garbage(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    path = (folder / sound.prefix).parent / "checkpoint"
    if not path.exists() or sound.word != sound.prefix:
        return None
    path.write_bytes(b"model_checkpoint_path \xff" + rng.randbytes(5))
    return Where("checkpoint")


@corruption
def state_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    path = (folder / sound.prefix).parent / "checkpoint"
    if not path.exists() or sound.word != sound.prefix:
        return None
    path.write_text('model_checkpoint_path: "elsewhere"\nall_model_checkpoint_paths: "elsewhere"\n')
    return Where("checkpoint")


@corruption
def asset_gone(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    assets = sorted((folder / "assets").iterdir()) if (folder / "assets").is_dir() else []
    if not assets or not sound.meta.endswith("saved_model.pb"):
        return None
    chosen = rng.choice(assets)
    chosen.unlink()
    return Where(chosen.name)


@corruption
def meta_cut(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    if not sound.meta:
        return None
    path = folder / sound.meta
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data) // 10, len(data) * 9 // 10)])
    return Where(path.name)


def found(where: Where, report: dict[str, Any], warned: bool) -> bool:
    """Whether the report names the place."""
    for problem in report["problems"]:
        file_fits = not where.file or (problem["file"] or "").endswith(where.file)
        key_fits = not where.keys or (problem["key"] or "") in where.keys
        node_fits = not where.nodes or (problem["node"] or "") in where.nodes
        byte_fits = where.byte is None or problem["byte"] == where.byte
        if file_fits and key_fits and node_fits and byte_fits:
            return True
    if not warned:
        return False
    words = [where.file, *where.keys, "" if where.byte is None else str(where.byte)]
    return any(all(word in warning for word in words) for warning in report["warnings"])
