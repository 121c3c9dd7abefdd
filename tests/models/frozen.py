"""What one own model leaves behind: the frozen graph, its truth and a feed, in one folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

TRUTH_PREFIX = "truth.ckpt"


@dataclass
class Weight:
    """One constant of the frozen graph that a thaw has to find.

    `relation` says what the truth checkpoint holds under `key`:
      equal    the same bits
      cast     the same numbers before a narrowing cast (float16 storage)
      slice    the part `slice` (start, length per axis) of a larger tensor
      derived  nothing comparable: the constant was computed from several variables (folding)
    """

    constant: str
    key: str
    relation: str = "equal"
    trainable: bool = True
    slice: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class Frozen:
    """A frozen graph with everything a check needs to know about it."""

    graph: object  # tensorflow GraphDef
    weights: list[Weight]
    feeds: dict[str, np.ndarray]
    outputs: list[str]
    init_ops: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)  # real variables that stay in the graph
    imports: bool = True  # whether TensorFlow imports the frozen file itself
    named: bool = True  # whether the names of the truth can be told from the frozen file
    refreezes: bool = True  # whether TensorFlow's own freezer can take the thawed graph
    about: str = ""


def write(frozen: Frozen, folder: Path) -> None:
    """Writes frozen.pb, feed.npz and truth.json; the truth checkpoint is already there."""
    data = frozen.graph.SerializeToString(deterministic=True)  # type: ignore[attr-defined]
    (folder / "frozen.pb").write_bytes(data)
    np.savez(folder / "feed.npz", allow_pickle=True, **frozen.feeds)
    (folder / "truth.json").write_text(json.dumps(_facts(frozen), indent=1) + "\n")


def _facts(frozen: Frozen) -> dict[str, object]:
    facts = {k: v for k, v in vars(frozen).items() if k not in ("graph", "feeds", "weights")}
    facts["weights"] = [asdict(weight) for weight in frozen.weights]
    facts["feeds"] = sorted(frozen.feeds)
    return facts
