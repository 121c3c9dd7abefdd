"""A slice of mutated.py, from fixed seeds; and that it notices what it is there for."""

from __future__ import annotations

import copy
from typing import Any

import mutated
import mutated_checkpoint
import mutated_graph
import mutated_grounds

SAMPLE = 300
VALUE = ["float32", [2], "a"]


def test_nothing_differs_and_every_ground_is_known() -> None:
    assert mutated.run(SAMPLE, 100_000, mutated.KINDS) == []


def checkpoint(ours: Any, theirs: Any, problems: list[str]) -> dict[str, Any]:
    return {
        "make": {"what": ""},
        "ours": {"tensors": {"'a'": ours}, "problems": problems},
        "theirs": {"tensors": {"'a'": theirs}},
        "one_by_one": {},
    }


def test_another_value_is_a_fault() -> None:
    tally = mutated.Tally()
    assert tally.take("checkpoint", 1, checkpoint(VALUE, VALUE, []))
    assert not tally.take("checkpoint", 2, checkpoint(["float32", [2], "b"], VALUE, []))
    assert "differs" in tally.faults[0] and tally.mutants == {"same": 1, "different": 1}


def test_an_unknown_ground_is_a_fault() -> None:
    tally = mutated.Tally()
    assert tally.take("checkpoint", 1, checkpoint("FormatError: the checksum of the block at byte 9", VALUE, []))
    assert not tally.take("checkpoint", 2, checkpoint("FormatError: it looks odd", VALUE, []))
    assert not tally.take("checkpoint", 3, checkpoint(VALUE, "OpError: it looks odd", []))
    assert len(tally.faults) == 3  # the last is also one that `verify` passes


def test_a_step_of_ours_that_ends_its_process_is_a_fault() -> None:
    tally = mutated.Tally()
    answers = checkpoint(VALUE, VALUE, [])
    answers["ours"] = {"died": "the process ended with -11"}
    assert not tally.take("checkpoint", 1, answers)


GRAPH: dict[str, Any] = {
    "make": {"what": ""},
    "loaded": {"constants": {"w": VALUE}},
    "thawed": {"variables": {"w": "w"}},
    "imported": {"constants": {"w": VALUE}, "arrays": {"w": VALUE}},
    "ran": {"outputs": {"out:0": VALUE}},
    "restored": {"held": {"w": VALUE}, "outputs": {"out:0": VALUE}},
}


def test_what_a_graph_can_differ_in() -> None:
    assert set(mutated_graph.compared(GRAPH)) == {"same"}
    other = ["float32", [2], "b"]
    for step, part in (("loaded", "constants"), ("restored", "held"), ("restored", "outputs")):
        changed = copy.deepcopy(GRAPH)
        changed[step][part][next(iter(changed[step][part]))] = other
        assert "different" in mutated_graph.compared(changed), (step, part)
    changed = copy.deepcopy(GRAPH)
    changed["restored"] = {"held": {}, "error": "ValueError: no import"}
    assert "different" in mutated_graph.compared(changed)


def test_what_tensorflow_refuses_is_told_by_what_it_says_of_the_result() -> None:
    refused = {**GRAPH, "imported": {"error": "ValueError: a cycle"}}
    assert mutated_graph.compared({**refused, "restored": {"error": "the same"}}) == {"only_thaw": ["before and after: ValueError: a cycle"]}
    assert mutated_grounds.ground("graph", "only_thaw", "before and after: ValueError: a cycle")[0] != "?"


def test_where_a_process_died_each_tensor_is_asked_for() -> None:
    answers = checkpoint(VALUE, VALUE, [])
    answers["theirs"], answers["one_by_one"] = {"died": "..."}, {"tensors": {"'a'": VALUE}}
    assert mutated_checkpoint.compared(answers) == {"same": [f"'a': {VALUE} {VALUE}"]}
