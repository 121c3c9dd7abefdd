"""What Thaw promises about time and memory, as rows: a ratio of two cases of one round, or a bound on memory."""

import dataclasses
import statistics

MIB = 1024  # peaks are in KiB


@dataclasses.dataclass
class Goal:
    wish: str
    model: str
    place: str
    metric: str  # wall or cpu, compared within rounds; or peak
    case: str
    reference: str  # the other case of the ratio; empty for a bound on memory
    limit: float
    at_least: bool = False
    against: str = ""  # the other model, for the same case of it


GOALS = [
    *[Goal("main job, in memory", model, "memory", "wall", "thaw --no-sync", "cp", 1.15) for model in ("deepspeech", "large")],
    *[Goal("main job, on disk", model, "disk", "wall", "thaw --no-sync", "cp", 0.8) for model in ("deepspeech", "large")],
    *[Goal("main job, on disk, synced", model, "disk", "wall", "thaw", "cp+sync", 0.9) for model in ("deepspeech", "large")],
    Goal("200,000 nodes", "nodes", "memory", "wall", "thaw --no-sync", "cp", 12),
    Goal("200,000 nodes, processor", "nodes", "memory", "cpu", "thaw --no-sync", "cp", 12),
    Goal("100,000 nodes in loops, processor", "loops", "memory", "cpu", "thaw --no-sync", "", 3, against="straight"),
    Goal("40 KB model", "tiny", "memory", "wall", "thaw --no-sync", "cp", 2.5),
    *[Goal("peak memory", model, "memory", "peak", "thaw --no-sync", "", 1) for model in ("tiny", "deepspeech", "nodes", "large", "huge")],
    Goal("peak memory when verifying", "deepspeech", "memory", "peak", "thaw --verify", "", 1),
    Goal("less processor than the forum script", "tiny", "memory", "cpu", "forum script", "thaw", 500, at_least=True),
    Goal("less processor than the forum script", "deepspeech", "memory", "cpu", "forum script", "thaw", 50, at_least=True),
    Goal("transplant, in memory", "deepspeech", "memory", "wall", "transplant --no-sync", "cp", 1.15),
    Goal("peak memory of a transplant", "deepspeech", "memory", "peak", "transplant --no-sync", "", 1),
    Goal("transplant: less processor than the forum script", "deepspeech", "memory", "cpu", "forum script", "transplant", 50, at_least=True),
    Goal("transplant: less memory than the forum script", "deepspeech", "memory", "peak", "forum script", "transplant", 50, at_least=True),
    Goal("less processor than the shortest script", "deepspeech", "memory", "cpu", "shortest script", "thaw", 10, at_least=True),
]


def memory_bound(facts):
    """KiB: 8 MiB, 1.1 times the skeleton, 100 bytes a node, 700 bytes a variable."""
    return 8 * MIB + (1.1 * facts["skeleton"] + 100 * facts["nodes"] + 700 * facts["weights"]) / 1024


def ratio(rounds, metric, case, reference):
    """Median over the rounds in which both ran; None when there is none."""
    ratios = [each[case][metric] / each[reference][metric] for each in rounds if case in each and reference in each]
    return statistics.median(ratios) if ratios else None


def median(rounds, metric, case):
    values = [each[case][metric] for each in rounds if case in each]
    return statistics.median(values) if values else None


def judge(goal, results, facts):
    """{wish, model, place, measured, limit, unit, met}, or None when the cases were not run."""
    rounds = results.get(f"{goal.model} {goal.place}", [])
    if goal.against:
        parts = [median(results.get(f"{model} {goal.place}", []), goal.metric, goal.case) for model in (goal.model, goal.against)]
        measured, limit, unit = parts[0] / parts[1] if all(parts) else None, goal.limit, "x " + goal.against
    elif goal.reference:
        measured, limit, unit = ratio(rounds, goal.metric, goal.case, goal.reference), goal.limit, "x " + goal.reference
    else:
        peaks = [each[goal.case]["peak"] for each in rounds if goal.case in each]
        measured, limit, unit = max(peaks) / MIB if peaks else None, memory_bound(facts[goal.model]) / MIB if peaks else 0, "MiB"
    if goal.at_least and measured is not None:
        unit = "times less"
    if measured is None:
        return None
    met = measured >= limit if goal.at_least else measured <= limit
    return dict(wish=goal.wish, model=goal.model, place=goal.place, case=goal.case, metric=goal.metric, measured=measured, limit=limit,
                unit=unit, at_least=goal.at_least, met=met)
