#!/usr/bin/env python3
"""What `thaw freeze` makes against convert_variables_to_constants, node by node, over a corpus.

  freeze_corpus.py [--corpus FOLDER] [--only TEXT] [--out TABLE]

Every frozen graph is thawed in both styles, and what is thawed frozen again, by TensorFlow in a session that
restored it and by the program, for the same outputs. Nodes are equal once default attributes are filled in.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import cases
import pool
import table
import thaw_tool

# What TensorFlow's own freezer does not get right: the names of its results are ours, but not the rest.
KNOWN = ("tensorflow:", "refused:")


class Corpus:
    def __init__(self, timeout: float) -> None:
        self.timeout = timeout
        self.rows: list[tuple[str, str, str]] = []

    def handle(self, job: dict[str, Any], worker: pool.Worker) -> None:
        case, style = job["case"], job["style"]
        with tempfile.TemporaryDirectory() as folder:
            verdict = self.verdict(case, style, Path(folder), worker)
        self.rows.append((case.name, style, verdict))

    def verdict(self, case: cases.Case, style: str, folder: Path, worker: pool.Worker) -> str:
        thawed = thaw_tool.thaw(case.path, folder / "thawed" / "model.ckpt", "--variables", style)
        if not thawed.report:
            return "not thawed"
        forget_origin(thawed.prefix)
        outputs = list(graph_ends(case.path))
        made = thaw_tool.freeze(thawed.prefix, folder / "again.pb", "--outputs", ",".join(outputs))
        if not made.report:
            return "refused: " + made.error.split("\n")[0].replace(str(thawed.prefix), "")[7:200]
        kept = [state["name"] for state in made.report["state"]]
        job = {"frozen": str(made.prefix), "prefix": str(thawed.prefix), "outputs": outputs, "kept": kept}
        answer = worker.ask(job, self.timeout)
        if "died" in answer:
            return "died: " + answer["died"]
        if "tensorflow" in answer:
            return "tensorflow: " + answer["tensorflow"]
        return answer["differences"] or "equal"


def forget_origin(prefix: Path) -> None:
    """What the .meta says of the file that it was made from: freezing is to follow the graph alone."""
    import imported

    meta = imported.meta_graph(prefix)
    meta.collection_def.pop("thaw_origin", None)
    Path(f"{prefix}.meta").write_bytes(meta.SerializeToString())


def graph_ends(path: Path) -> list[str]:
    """Nodes that nothing takes, read without TensorFlow's start-up in this process."""
    import graph_files

    return graph_files.terminals(graph_files.load(path))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, default=cases.CORPUS)
    parser.add_argument("--only", default="", help="only cases whose name contains this")
    parser.add_argument("--every", type=int, default=1, help="only one case in so many")
    parser.add_argument("--out", type=Path, help="write one line per file and style here")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=120)
    options = parser.parse_args()
    if not options.corpus.is_dir():
        print(f"freeze: no corpus at {options.corpus}, skipped")
        return 0
    chosen = [case for case in cases.corpus(options.corpus) if options.only in case.name][:: options.every]
    corpus = Corpus(options.timeout)
    jobs = [{"case": case, "style": style} for case in chosen for style in table.STYLES]
    pool.run(jobs, corpus.handle, options.workers, {})
    return report(sorted(corpus.rows), options.out)


def report(rows: list[tuple[str, str, str]], out: Path | None) -> int:
    if out:
        out.write_text("".join("\t".join(row) + "\n" for row in rows))
    for style in table.STYLES:
        verdicts = [verdict for _, of, verdict in rows if of == style and verdict != "not thawed"]
        equal = sum(verdict == "equal" for verdict in verdicts)
        print(f"{style}: {equal} of {len(verdicts)} thawed graphs frozen as TensorFlow freezes them")
    causes = Counter(verdict for _, _, verdict in rows if verdict not in ("equal", "not thawed"))
    for cause, count in causes.most_common():
        names = sorted({name for name, _, verdict in rows if verdict == cause})
        print(f"  {count:4}  {cause}\n        {', '.join(names[:4])}{' ...' if len(names) > 4 else ''}")
    return 1 if any(not cause.startswith(KNOWN) for cause in causes) else 0


if __name__ == "__main__":
    sys.exit(main())
