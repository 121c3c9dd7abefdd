"""Results as people read them: on the terminal, and as Markdown for docs/performance.md."""

import re

from goals import median, ratio

MARKS = re.compile(r"(<!-- figures -->\n).*?(<!-- /figures -->)", re.DOTALL)


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def goal_rows(goals):
    for goal in goals:
        bound = ("at least " if goal["at_least"] else "at most ") + number(goal["limit"])
        where = "" if goal["unit"] == "MiB" or goal["at_least"] else goal["place"]
        yield [goal["wish"], goal["model"], where, number(goal["measured"]), bound, goal["unit"], "yes" if goal["met"] else "NO"]


def case_rows(results):
    for where, rounds in results.items():
        reference = "cp" if any("cp" in each for each in rounds) else None
        for case in dict.fromkeys(name for each in rounds for name in each):
            wall, cpu, peak = (median(rounds, metric, case) for metric in ("wall", "cpu", "peak"))
            ratios = [ratio(rounds, metric, case, reference) if reference else None for metric in ("wall", "cpu")]
            yield [where, case, number(wall), number(cpu), *(number(each) if each is not None else "" for each in ratios), number(peak / 1024)]


GOAL_HEAD = ["goal", "model", "place", "measured", "limit", "", "met"]
CASE_HEAD = ["model and place", "case", "wall ms", "CPU ms", "wall / cp", "CPU / cp", "peak MiB"]


def as_text(head, rows):
    rows = [head, *rows]
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def as_markdown(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def update_page(path, machine, results, goals):
    """Replaces what stands between the marks in the page."""
    text = "\n\n".join([machine, as_markdown(GOAL_HEAD, goal_rows(goals)), as_markdown(CASE_HEAD, case_rows(results))])
    page, count = MARKS.subn(lambda found: found.group(1) + text + "\n" + found.group(2), path.read_text())
    if count != 1:
        raise SystemExit(f"{path} has no place marked for the figures")
    path.write_text(page)
