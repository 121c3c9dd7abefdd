#!/usr/bin/env python3
"""No false alarm: what TensorFlow reads to the last byte passes `thaw verify`, and so does every graph that was thawed.

    tests/judge/verify_corpus.py --corpus ../shared/corpus [--sample]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import cases
import thaw_tool
from strict_tf import tf


def verify(*words: str | Path) -> tuple[int, dict[str, Any], str]:
    command = [str(thaw_tool.binary()), "verify", *map(str, words), "--json"]
    done = subprocess.run(command, capture_output=True, timeout=thaw_tool.SECONDS, check=False)
    try:
        return done.returncode, json.loads(done.stdout), done.stderr.decode(errors="replace")
    except ValueError:
        return done.returncode, {}, done.stderr.decode(errors="replace")


def checkpoints(corpus: Path) -> list[Path]:
    """Prefixes of both formats."""
    second = [path.with_suffix("") for path in corpus.rglob("*.index")]
    metas = [path.with_suffix("") for path in corpus.rglob("*.meta")]
    first = [path for path in metas if path.exists() or list(path.parent.glob(f"{path.name}-?????-of-?????"))]
    return sorted(path for path in {*second, *first} if not path.name.startswith("."))


def is_sound(prefix: Path) -> bool:
    """TensorFlow reads every tensor, with its checksum."""
    try:
        shards = sorted(prefix.parent.glob(f"{prefix.name}-?????-of-?????"))
        pattern = shards[0].name[-9:] if shards and not prefix.exists() else ""
        reader = tf.train.load_checkpoint(f"{prefix}-?????{pattern}" if pattern else str(prefix))
        for name in reader.get_variable_to_shape_map():
            reader.get_tensor(name)
    except (tf.errors.OpError, ValueError):
        return False
    return True


def judge_checkpoints(corpus: Path) -> int:
    wrong = sound = 0
    found = checkpoints(corpus)
    for prefix in found:
        reads = is_sound(prefix)
        sound += reads
        code, report, error = verify(prefix)
        if (code == 0) == reads:
            continue
        wrong += 1
        print(f"{prefix}: TensorFlow {'reads' if reads else 'refuses'} it, verify: {code} {error} {report.get('problems')}")
    print(f"{len(found)} checkpoints, {sound} that TensorFlow reads, {wrong} judged otherwise")
    return wrong


def judge_saved_models(corpus: Path) -> int:
    """What TensorFlow loads passes; it may load what is not whole, as long as nothing asks for it."""
    wrong = loaded = 0
    for file in sorted({*corpus.rglob("saved_model.pb"), *corpus.rglob("saved_model.pbtxt")}):
        with tempfile.TemporaryDirectory():
            try:
                with tf.Graph().as_default() as graph, tf.compat.v1.Session(graph=graph) as runs:
                    tf.compat.v1.saved_model.load(runs, [tf.saved_model.SERVING], str(file.parent))
            except Exception:  # noqa: BLE001  (TensorFlow raises whatever an import raises)
                continue
        loaded += 1
        code, report, error = verify(file.parent)
        if code != 0:
            wrong += 1
            print(f"{file.parent}: {code} {error} {report.get('problems')}")
    print(f"{loaded} SavedModels that TensorFlow loads, {wrong} false alarms")
    return wrong


def judge_graphs(chosen: list[cases.Case]) -> int:
    wrong = thawed = 0
    for case in chosen:
        with tempfile.TemporaryDirectory(prefix="verify-") as folder:
            made = thaw_tool.thaw(case.path, Path(folder) / "m.ckpt")
            if made.exit not in (0, 1):
                continue
            thawed += 1
            code, report, error = verify(case.path, made.prefix)
            if code != 0:
                wrong += 1
                print(f"{case.name}: {code} {error} {json.dumps(report.get('problems'))[:600]}")
    print(f"{thawed} of {len(chosen)} graphs thawed, {wrong} false alarms")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--sample", action="store_true", help="only the sample of the graphs")
    options = parser.parse_args()
    graphs = cases.corpus(options.corpus)
    wrong = judge_checkpoints(options.corpus) + judge_saved_models(options.corpus)
    wrong += judge_graphs(cases.sample(graphs) if options.sample else graphs)
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
