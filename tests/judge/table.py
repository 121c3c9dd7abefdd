"""Verdicts counted: one table per source family, the totals against the floor, and who falls short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

STYLES = ("resource", "ref")
STEPS = (
    "imports",
    "restores",
    "values",
    "runs",
    "bit_equal",
    "gradients",
    "sgd",
    "adam",
    "saves",
    "initialises",
)

# What a prototype reached over the whole corpus: the floor, not the goal.
FLOOR = {
    "imports": {"resource": 429, "ref": 429},
    "reference": {"resource": 18, "ref": 18},
    "bit_equal": {"resource": 399, "ref": 399},
    "gradients": {"resource": 337, "ref": 337},
    "trains": {"resource": 329, "ref": 329},
    "refrozen": {"resource": 397, "ref": 419},
}

TITLES = {
    "imports": "import_meta_graph and restore, of those importable with weights",
    "reference": "constant in a reference slot: refused frozen, imports thawed",
    "bit_equal": "bit-equal (oneDNN and optimisers off)",
    "bit_equal_onednn": "bit-equal, where only oneDNN has the kernel",
    "gradients": "gradients without exception, of those with a float output",
    "trains": "SGD, Adam, save, restore, initialise, of those with a gradient",
    "refrozen": "re-frozen literally equal",
}


@dataclass
class Row:
    """One file in one style."""

    name: str
    family: str
    style: str
    answer: dict[str, Any]
    verdict: dict[str, Any] = field(default_factory=dict)

    def scores(self) -> dict[str, bool]:
        """The table rows that this file counts in, and whether it holds."""
        if not self.verdict:
            return {}
        v = self.verdict
        held = {step: v[step] == "ok" for step in ("imports", "restores", "values", "sgd", "adam", "saves")}
        both = held["imports"] and held["restores"] and held["values"]
        if self.answer.get("reference_slots"):
            return {"reference": both}
        if self.answer.get("import_error"):
            return {}
        found = {"imports": both}
        if v["refrozen"]:
            found["refrozen"] = v["refrozen"] == "ok"
        if v["bit_equal"]:
            row = "bit_equal_onednn" if self.answer.get("onednn") else "bit_equal"
            found[row] = v["bit_equal"] == "ok"
        if v["gradients"]:
            found["gradients"] = v["gradients"] == "ok"
        if v["gradients"] == "ok" and v["sgd"]:
            trained = held["sgd"] and held["adam"] and held["saves"] and v["initialises"] == "ok"
            found["trains"] = trained
        return found

    def causes(self) -> list[tuple[str, str]]:
        """Every step that fell short: (step, what happened)."""
        if "died" in self.answer:
            return [("process", self.answer["died"])]
        if self.answer.get("thaw", {}).get(self.style):
            told = self.answer["thaw"][self.style]
            plain = [text for text in ("no weights", "it was never frozen") if text in told]
            return [("thaw", plain[-1] if plain else told)]
        short = [
            (s, self.verdict[s]) for s in (*STEPS, "refrozen") if self.verdict.get(s, "") not in ("", "ok")
        ]
        unfair = [] if not self.answer.get("run_error") else [("original", self.answer["run_error"])]
        return short + unfair


ACCEPTED = (
    ("gradients", "No gradient defined"),
    ("gradients", "AssertionError"),  # TensorArray of an imported graph
    ("imports", "Op type not registered"),  # not in this TensorFlow, frozen or thawed
    ("refrozen", "added="),  # a read for a constant that had none
    ("refrozen", "attr:value="),  # half-precision lists against tensor_content
    ("refrozen", "device="),  # TensorFlow's freezer forgets it
    ("refrozen", "attr:_has_manual_control_dependencies="),  # and all attributes of a read but two
    ("original", ""),
    ("thaw", "no weights"),
    ("thaw", "it was never frozen"),
)


def is_accepted(step: str, cause: str) -> bool:
    """Whether this shortfall lies in TensorFlow or in the file, as far as is known."""
    return any(step == s and part in cause for s, part in ACCEPTED)


def counts(rows: Iterable[Row]) -> dict[tuple[str, str], tuple[int, int]]:
    """(table row, style) -> (held, of how many)."""
    held: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        for key, ok in row.scores().items():
            held[key, row.style][0] += ok
            held[key, row.style][1] += 1
    return {key: (pair[0], pair[1]) for key, pair in held.items()}


def report(rows: list[Row], with_floor: bool) -> tuple[str, bool]:
    """The text, and whether everything that must hold holds."""
    lines = [_denominators(rows), *_gradients(rows), ""]
    totals = counts(rows)
    good = True
    lines += _table("all", totals, FLOOR if with_floor else {})
    for key, floor in FLOOR.items() if with_floor else ():
        good = good and all(totals.get((key, s), (0, 0))[0] >= floor[s] for s in STYLES)
    families: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        families[row.family].append(row)
    for family in sorted(families):
        lines += ["", *_table(family, counts(families[family]), {})]
    short, hard = _shortfalls(rows)
    return "\n".join([*lines, "", *short]), good and not hard


def _denominators(rows: list[Row]) -> str:
    first = [row for row in rows if row.style == STYLES[0]]
    imported = [r for r in first if not r.answer.get("import_error") and "died" not in r.answer]
    ran = [r for r in imported if not r.answer.get("run_error")]
    weighty = [r for r in imported if r.verdict]
    weights = sum(r.verdict["weights"] for r in weighty)
    both = sum(1 for r in weighty if not r.answer.get("run_error"))
    return (
        f"{len(first)} frozen graphs; {len(imported)} import as they are, {len(ran)} also run; "
        f"{len(weighty)} importable ones have weights ({weights}), {both} of those run."
    )


def _gradients(rows: list[Row]) -> list[str]:
    lines = []
    for style in STYLES:
        taken = [
            r.verdict
            for r in rows
            if r.style == style and r.verdict.get("gradients") == "ok" and r.verdict["trainable"]
        ]
        weights, none = (sum(v["trainable"] for v in taken), sum(len(v["none"]) for v in taken))
        zero = sum(len(v["zero"]) for v in taken)
        lines.append(
            f"{style}: {weights} trainable weights with gradients taken, {zero} of them zero, {none} None."
        )
    return lines


def _table(title: str, found: dict[tuple[str, str], tuple[int, int]], floor: dict[str, Any]) -> list[str]:
    lines = [f"{title:<66}{'resource':>12}{'ref':>12}" + (f"{'floor':>12}" if floor else "")]
    for key, text in TITLES.items():
        cells = [found.get((key, style)) for style in STYLES]
        if not any(cells) and key not in floor:
            continue
        line = f"  {text:<64}" + "".join(f"{f'{c[0]}/{c[1]}' if c else '-':>12}" for c in cells)
        if key in floor:
            line += f"{floor[key]['resource']:>8}/{floor[key]['ref']}"
        lines.append(line)
    return lines


def _shortfalls(rows: list[Row]) -> tuple[list[str], bool]:
    """Who falls short of what, known causes first; True when one of them is not accepted."""
    grouped: dict[tuple[bool, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        for step, cause in row.causes():
            grouped[is_accepted(step, cause), step, cause][row.name].add(row.style)
    lines: list[str] = []
    for accepted in (True, False):
        chosen = {key: files for key, files in grouped.items() if key[0] == accepted}
        lines.append("falls short, cause known:" if accepted else "FALLS SHORT:")
        lines += [line for key in sorted(chosen) for line in _group(key, chosen[key])] or ["  none"]
    return lines, any(not key[0] for key in grouped)


def _group(key: tuple[bool, str, str], files: dict[str, set[str]]) -> list[str]:
    lines = [f"  {key[1]}: {key[2]}"]
    for name in sorted(files):
        lines.append(f"      {name} ({' and '.join(sorted(files[name]))})")
    return lines
