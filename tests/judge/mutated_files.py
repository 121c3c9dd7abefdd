"""Mutations of a checkpoint's files at every layer: bytes, tables, entries, values, shards. Checksums are repaired more often than not."""

from __future__ import annotations

import random
import shutil
import struct
from pathlib import Path

import table_files
from mutated_entries import Files, Mutation, a_bit, entry_changed, header_changed, value_bytes
from table_files import bundle
from wire_fields import mutated_bytes

# -- bytes


def any_bytes(rng: random.Random, files: Files) -> str:
    path = rng.choice([*files.tables, *files.data])
    path.write_bytes(mutated_bytes(rng, path.read_bytes()))
    return f"bytes of {path.name}"


def cut(rng: random.Random, files: Files) -> str:
    path = rng.choice([*files.tables, *files.data])
    data = path.read_bytes()
    path.write_bytes(data[: rng.randrange(len(data) + 1)])
    return f"{path.name} cut"


def shard_files(rng: random.Random, files: Files) -> str:
    paths = files.tables if files.first else files.data
    path, other = rng.choice(paths), rng.choice(paths)
    kind = rng.choice(["gone", "swapped", "longer", "empty"])
    if kind == "gone":
        path.unlink()
    elif kind == "swapped":
        mine, theirs = path.read_bytes(), other.read_bytes()
        path.write_bytes(theirs)
        other.write_bytes(mine)
    else:
        path.write_bytes(b"" if kind == "empty" else path.read_bytes() + rng.randbytes(rng.randrange(1, 40)))
    return f"shard {kind}"


# -- the table


def table_structure(rng: random.Random, files: Files) -> str:
    path = rng.choice(files.tables)
    table = table_files.table_of(files.rows(path), rng.choice([2, 4, 1000]), rng.choice([1, 2, 16]), rng.choice([0, 0, 0, 1]))
    what = table_files.damaged(rng, table)
    path.write_bytes(table.written())
    return what


def rows_changed(rng: random.Random, files: Files) -> str:
    path = rng.choice(files.tables)
    rows = files.rows(path)
    at, other = rng.randrange(len(rows)), rng.randrange(len(rows))
    kind = rng.choice(["dropped", "doubled", "values swapped", "order", "renamed", "added", "no header", "emptied"])
    key, value = rows[at]
    if kind == "dropped":
        del rows[at]
    elif kind == "doubled":
        rows.insert(at, (key, rows[other][1]))
    elif kind == "values swapped":
        rows[at], rows[other] = (key, rows[other][1]), (rows[other][0], value)
    elif kind == "order":
        rows[at], rows[other] = rows[other], rows[at]
    elif kind == "renamed":
        rows[at] = (mutated_bytes(rng, key), value)
        rows.sort()
    elif kind == "added":
        rows = sorted([*rows, (rng.choice([b"zz", b"\xff\xfe", b"\0\0\1", key + b"\0", b"w/\xc3"]), value)])
    elif kind == "no header":
        rows = [row for row in rows if row[0]]
    else:
        rows[at] = (key, b"")
    files.write(path, rows, rng)
    return f"row {kind}"


MUTATIONS: list[tuple[Mutation, int]] = [
    (any_bytes, 2), (a_bit, 2), (cut, 1), (shard_files, 1), (table_structure, 8), (rows_changed, 5),
    (entry_changed, 12), (header_changed, 3), (value_bytes, 4),
]  # fmt: skip


def mutated(rng: random.Random, seeds: Path, folder: Path) -> str:
    """A mutated copy of a sound checkpoint in `folder`; says what was done to which."""
    seed = rng.choice(sorted(path for path in (seeds / "checkpoints").iterdir()))
    shutil.copytree(seed, folder)
    what = []
    for _ in range(rng.choice([1, 1, 1, 2])):
        change = rng.choices([one for one, _ in MUTATIONS], [often for _, often in MUTATIONS])[0]
        try:
            what.append(change(rng, Files(folder)))
        except (bundle.Corrupt, ValueError, IndexError, struct.error, FileNotFoundError):
            break  # what the first did leaves nothing to take apart
    return f"{seed.name}: {', '.join(what) or 'nothing'}"
