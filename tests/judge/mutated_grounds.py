"""Why one of the two may read what the other refuses: general rules, by what the one that refuses says.

Each ground was looked at: where Thaw is stricter, a checkpoint or graph that any writer leaves is not meant; where it
is not, nothing that it reads is other than what is written.
"""

from __future__ import annotations

import re

Rules = list[tuple[str, str]]

# What Thaw says where TensorFlow reads.
THAW_REFUSES_CHECKPOINT: Rules = [
    (r"checksum of the block", "a block's checksum: TensorFlow does not look at every block, and lists less behind a broken one"),
    (r"ascending keys|that the index block covers|index key|key .* twice", "keys out of order or twice"),
    (r"restart|share nothing|shares \d+ bytes", "a block's restarts, or what its keys share"),
    (r"a length that is cut or too long", "numbers of a block with padding, which no writer makes"),
    (r"footer|blocks? of \d+ bytes|blocks? that end|data block|a block of", "places of blocks, or what stands between them"),
    (r"begins with key|table without a list|header", "the header: not first, or with numbers that no writer gives it"),
    (r"byte order|big-endian|of version|data files, |data files /", "the header: not first, or with numbers that no writer gives it"),
    (r"bytes for .* of shape|bytes in a place for|a tensor of shape", "an entry that does not fit its shape: refused with the checkpoint, not alone"),
    (r"data file \d+ / |: shard |: offset |: size ", "an entry in a data file or at a place that cannot be: refused with the checkpoint"),
    (r"overlap", "tensors that overlap in a data file"),
    (r"size of the file|is missing|No such file|not there", "a data file that is cut or gone, of which TensorFlow needs no byte for the tensor"),
    (r"slice", "slices that are not whole, or stored as something else"),
    (r"dtype", "an entry of a type that does not exist: refused with the checkpoint"),
    (r"without a name, a shape or a type", "a list of tensors in which one has no name, shape or type"),
    (r"another type or shape", "types or shapes that contradict each other"),
    (r"numbers for the shape", "values of the first format that are more or fewer than elements"),
    (r"compress|Snappy|snappy", "a compressed block that does not unpack"),
    (r"checksum", "a tensor's checksum"),
    (r"UTF-8|wire type|field number|cut off|passes the end|goes beyond|a number|varint", "a message that is cut"),
]  # fmt: skip

# What TensorFlow says where Thaw reads.
TENSORFLOW_REFUSES_CHECKPOINT: Rules = [
    (r"UnicodeDecodeError", "a name that TensorFlow's Python cannot spell; it then lists nothing"),
    (r"Data type not supported", "a type that TensorFlow's Python reads in the second format only"),
    (r"Sliced checkpoints are not supported", "slices of the first format, which TensorFlow's Python does not join"),
    (r"ranks|Extent in dimension|Overlapping|Expected start|Shape", "the list of tensors is broken in one: TensorFlow refuses it whole, Thaw that tensor"),
    (r"filtered_keys", "a slice that is listed twice: TensorFlow ends the process, Thaw refuses that tensor"),
    (r"Failed to find the saved tensor slices|not found in checkpoint", "a message of the first format that is broken where Thaw has no need to look"),
]  # fmt: skip

# What Thaw says where TensorFlow imports the graph.
THAW_REFUSES_GRAPH: Rules = [
    (r"^no session gives it: ", "a constant that no session gives either: Thaw refuses the graph, TensorFlow only when it runs"),
    (r"in two parts|several values", "a message in two parts, which protobuf merges and nothing writes"),
    (r"is not a TensorFlow graph|is empty", "a file that begins as no writer begins one, or has no bytes"),
    (r"File too large|No space left|cannot reserve", "a constant of one number that fills more than there is room for"),
    (r"function '", "a function that is not whole: Thaw refuses the graph, TensorFlow only when it is called"),
    (r"unknown escape|m\.pbtxt: ", "text that is read strictly"),
    (r"shape .*<unknown>|known dimensions|dimension", "a constant without a known shape, which no session gives"),
    (r"without a dtype|a tensor of dtype|of variant|a tensor of ", "a constant of no type, or of another than it says"),
    (r"tensor_content has|kept as tensor_content|string_val", "contents of another size than the shape says"),
    (r"--|UsageError|a name|name", "a name that no variable can have"),
]  # fmt: skip
TENSORFLOW_REFUSES_GRAPH: Rules = [
    (r"^before and after: ", "what is left as it was is not judged: TensorFlow refuses it before and after"),
    (r"^only before: .*(Op<name=(Const|Identity);|incompatible with expected)", "a weight's constant, its read and its assignment are written anew: TensorFlow takes what it refused before"),
    (r"^only before: .*(DecodeError|ParseError|UTF-8|UnicodeDecodeError)", "what is written is sound where the file was not, in a part that Thaw does not read"),
    (r"Graph execution error|Cannot assign a device|Retval", "a constant that no session gives: of a loop, or for a node that fails before it"),
    (r"memory|MemoryError|bad_alloc|ResourceExhausted", "a constant of one number that fills more than there is room for"),
]  # fmt: skip

TABLES = {
    ("checkpoint", "only_tensorflow"): THAW_REFUSES_CHECKPOINT,
    ("checkpoint", "only_thaw"): TENSORFLOW_REFUSES_CHECKPOINT,
    ("checkpoint", "verified_alone"): TENSORFLOW_REFUSES_CHECKPOINT,
    ("graph", "only_tensorflow"): THAW_REFUSES_GRAPH,
    ("graph", "only_thaw"): TENSORFLOW_REFUSES_GRAPH,
}


def ground(kind: str, verdict: str, said: str) -> str:
    """The ground of a refusal; "?" and what was said where none is known, "" for verdicts that need none."""
    rules = TABLES.get((kind, verdict))
    if rules is None:
        return ""
    for pattern, told in rules:
        if re.search(pattern, said):
            return told
    return "? " + re.sub(r"\d+", "N", re.sub(r"'[^']*'|\"[^\"]*\"", "'...'", re.sub(r"/\S+/", "", said)))[:200]
