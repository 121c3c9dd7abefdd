"""Ways to damage the entries of a checkpoint's index, all with right checksums. See corruptions.py."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from bundle_files import OBJECT_GRAPH, STRING, Entry, Files
from corruptions import Sound, Where, corruption, name, opened, pick, stored

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "kill"))

import bundle  # noqa: E402

FLOAT, INT32 = 1, 3


@corruption
def entry_shape(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """As many elements: only the graph or the model can tell."""
    files = opened(folder, sound)
    if files is None or not (sound.meta or sound.model):
        return None
    key = pick(rng, [k for k in stored(files) if len(set(files.entries[k].dims)) > 1 and files.entries[k].dtype == FLOAT])
    if key is None:
        return None
    dims = files.entries[key].dims
    files.change(key, dims=(*dims, 1) if rng.random() < 0.5 else tuple(reversed(dims)))
    return Where(keys=(name(key),)) if files.entries[key].dims != dims else None


@corruption
def entry_size_of_shape(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    key = pick(rng, [k for k in stored(files) if files.entries[k].dtype != STRING]) if files else None
    if key is None or files is None:
        return None
    dims = files.entries[key].dims
    files.change(key, dims=(*dims[:-1], dims[-1] + 1) if dims else (2,))
    return Where(f"{sound.prefix}.index", (name(key),))


@corruption
def entry_dtype(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    key = pick(rng, [k for k in stored(files) if files.entries[k].dtype == FLOAT]) if files else None
    if key is None or files is None:
        return None
    same_width = bool(sound.meta or sound.model)
    files.change(key, dtype=rng.choice([INT32, 22]) if same_width else rng.choice([2, 9, 19]))
    return Where(keys=(name(key),))


@corruption
def entry_moved(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    key = pick(rng, [k for k in stored(files) if files.entries[k].size > 4]) if files else None
    if key is None or files is None:
        return None
    old = files.entries[key].offset
    files.change(key, offset=max(0, old + rng.choice([-4, 4, 64])))
    return Where(keys=tuple(name(k) for k in files.entries)) if files.entries[key].offset != old else None


@corruption
def entry_checksum(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    key = pick(rng, stored(files)) if files else None
    if key is None or files is None:
        return None
    files.change(key, crc=files.entries[key].crc ^ 1 << rng.randrange(32))
    return Where(keys=(name(key),))


@corruption
def entry_shard(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    key = pick(rng, stored(files)) if files else None
    if key is None or files is None:
        return None
    files.change(key, shard=files.shards + rng.randrange(3))
    return Where(f"{sound.prefix}.index", (name(key),))


@corruption
def entry_dropped(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    if files is None or not (sound.meta or sound.model or OBJECT_GRAPH in files.entries):
        return None
    key = pick(rng, [k for k in stored(files) if k != OBJECT_GRAPH])
    if key is None:
        return None
    del files.entries[key]
    files.write()
    return Where(keys=(name(key), ""))


@corruption
def slice_dropped(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    slices = [k for k in files.entries if k.startswith(b"\0")] if files else []
    if files is None or not slices:
        return None
    del files.entries[rng.choice(slices)]
    files.write()
    return Where(keys=tuple(name(k) for k, e in files.entries.items() if e.slices))


@corruption
def entry_renamed(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    if files is None or not (sound.meta or OBJECT_GRAPH in files.entries):
        return None
    key = pick(rng, [k for k in stored(files) if k != OBJECT_GRAPH])
    if key is None:
        return None
    files.entries[key + b"_x"] = files.entries.pop(key)
    files.write()
    return Where(keys=(name(key),))


@corruption
def entry_added(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    if files is None or not sound.meta.endswith(".meta"):
        return None
    data = files.data(files.shards - 1)
    content, at = rng.randbytes(12), data.stat().st_size
    data.write_bytes(data.read_bytes() + content)
    crc = bundle.mask(bundle.crc32c(content))
    files.entries[b"ghost/in/here"] = Entry(FLOAT, (3,), files.shards - 1, at, 12, crc)
    files.write()
    return Where(keys=("ghost/in/here",))


@corruption
def weights_swapped(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """Two of one shape change places: every checksum is right."""
    files = opened(folder, sound)
    if files is None or sound.model is None:
        return None
    alike: dict[tuple[int, tuple[int, ...]], list[bytes]] = {}
    for key in stored(files):
        alike.setdefault((files.entries[key].dtype, files.entries[key].dims), []).append(key)
    pairs = [
        (a, b)
        for keys in alike.values()
        for i, a in enumerate(keys)
        for b in keys[i + 1 :]
        if files.bytes_of(a) != files.bytes_of(b)
    ]
    if not pairs:
        return None
    a, b = rng.choice(pairs)
    files.entries[a], files.entries[b] = files.entries[b], files.entries[a]
    files.write()
    return Where(keys=(name(a), name(b)))


@corruption
def weight_changed(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """Other numbers with their checksum, as training leaves them."""
    files = opened(folder, sound)
    if files is None or sound.model is None:
        return None
    key = pick(rng, [k for k in stored(files) if files.entries[k].dtype == FLOAT])
    if key is None:
        return None
    content = bytearray(files.bytes_of(key))
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    files.put(key, bytes(content))
    return Where(keys=(name(key),))


@corruption
def header_shards(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    files = opened(folder, sound)
    if files is None or not stored(files):
        return None
    files.header = b"\x08" + bytes([files.shards + 1]) + files.header[2:]
    files.write()
    return Where(f"of-{files.shards:05d}")


@corruption
def object_key(rng: random.Random, folder: Path, sound: Sound) -> Where | None:
    """The object graph names an entry that is not there."""
    files = opened(folder, sound)
    if files is None or OBJECT_GRAPH not in files.entries:
        return None
    content = files.bytes_of(OBJECT_GRAPH)
    keys = [k for k in stored(files) if k != OBJECT_GRAPH and content.count(k) == 1]
    key = pick(rng, keys)
    if key is None:
        return None
    other = key[:-1] + b"X"
    files.put(OBJECT_GRAPH, content.replace(key, other))
    return Where(keys=(name(other),))
