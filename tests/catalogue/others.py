"""L and J: formats that Thaw does not read. What they are is told; nothing inside is looked at."""

from __future__ import annotations

import json

from case import Case, Elsewhere, refused

LITE = b"\x1c\0\0\0TFL3" + bytes(100)
GRAPH = json.dumps({"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []}).encode()
WHY = "Thaw does not read {}: such a file is refused by what it looks like (see {})."

CASES: list[Case] = [
    *(case for size in range(1, 8) for case in refused("L01", f"{size} bytes", LITE[:size])),
    *refused("L01", "a root outside", b"\xff\xff\xff\x7fTFL3", "TensorFlow Lite"),
    *refused("L02", "another identifier", LITE.replace(b"TFL3", b"TFL9")),
    *(case for size in range(9, 60, 10) for case in refused("L17", f"cut at {size}", LITE[:size], "TensorFlow Lite")),
    *refused("J01", "JSON that is cut", GRAPH[:-9]),
    *refused("J01", "JSON that is deep", b"[" * 100_000),
    *refused("J08", "no graph", b'{"format": "graph-model", "modelTopology": null}', "JSON"),
    *refused("J08", "a graph", GRAPH, "JSON"),
]
ELSEWHERE: list[Elsewhere] = []
NOT_APPLICABLE: dict[str, str] = {
    **{f"L{i:02}": WHY.format("TensorFlow Lite", "L17") for i in range(3, 17)},
    **{f"J{i:02}": WHY.format("TensorFlow.js", "J08") for i in (*range(2, 8), 9, 10)},
}
