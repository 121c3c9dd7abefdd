#!/usr/bin/env python3
"""Measures Thaw against `cp` and against TensorFlow scripts, and prints the figures beside the goals.

    bench/run.py                    everything: about half an hour, most of it TensorFlow's
    bench/run.py --quick            small and middle models, three rounds, no TensorFlow
    bench/run.py --only deepspeech  one model

Cases are shuffled inside each round and compared within it: a ratio is the median over the rounds. Absolute times drift
with whatever else the machine does; ratios hold to about a tenth. Ends with 1 when a goal was missed.
"""

import argparse
import json
import os
import pathlib
import platform
import random
import shutil
import sys
import time

import tables
from goals import GOALS, judge
from make_models import MODELS, make
from measure import Bench, build_launcher

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUICK = ["tiny", "deepspeech", "nodes", "straight", "loops"]
USUAL = [*QUICK, "large"]
PEERS = ["forum script", "shortest script"]
PEER_MODELS = ["tiny", "deepspeech"]


def arguments_of(words):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--thaw", type=pathlib.Path, default=ROOT / "build" / "thaw", help="the program (default build/thaw)")
    parser.add_argument("--python", type=pathlib.Path, default=ROOT / ".venv/bin/python", help="a Python that has TensorFlow")
    parser.add_argument("--memory", type=pathlib.Path, default=pathlib.Path("/dev/shm"), help="a folder in memory (tmpfs)")
    parser.add_argument("--disk", type=pathlib.Path, default=ROOT / ".cache", help="a folder on a disk")
    parser.add_argument("--only", action="append", choices=list(MODELS), help="these models (repeatable)")
    parser.add_argument("--place", choices=["memory", "disk"], help="one of the two places")
    parser.add_argument("--rounds", type=int, help="rounds (7; --quick 3)")
    parser.add_argument("--peer-rounds", type=int, default=3, help="rounds in which TensorFlow's scripts take part; 0: none")
    parser.add_argument("--quick", action="store_true", help="small and middle models, three rounds, no TensorFlow")
    parser.add_argument("--json", type=pathlib.Path, help="where the results go (default bench.json in the disk folder)")
    parser.add_argument("--page", type=pathlib.Path, help="a Markdown page whose marked part gets the tables")
    return parser.parse_args(words)


def cases_of(model, place):
    cases = ["cp", "thaw", "thaw --no-sync"]
    if model in ("deepspeech", "nodes", "large"):
        cases.append("thaw --verify")
    if model == "deepspeech":
        cases += ["transplant", "transplant --no-sync"]
    if place == "disk":
        cases.append("cp+sync")
    return cases


def room_for(folder, facts):
    """Input and output side by side, and on tmpfs out of the memory that is free."""
    needed = 2.5 * facts["bytes"] + (256 << 20)
    free = shutil.disk_usage(folder).free
    if folder == pathlib.Path("/dev/shm"):
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
        free = min(free, next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable")) * 1024)
    return needed < free


def measure_model(bench, model, place, folder, facts, options):
    """Rounds of {case: figures}."""
    path = folder / f"{model}.pb"
    rounds = []
    for number in range(options.rounds):
        cases = cases_of(model, place)
        if number < options.peer_rounds and model in PEER_MODELS and place == "memory":
            cases += PEERS
        random.Random(number).shuffle(cases)
        rounds.append({case: bench.run(case, path, folder, int(1.1 * facts["bytes"])) for case in cases})
        print(f"\r{model}, {place}: round {number + 1} of {options.rounds}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return rounds


def measure_place(bench, place, folder, models, options, facts, results):
    folder = folder / f"thaw-bench-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        for model in models:
            facts[model] = make(model, options.disk / "models")
            if not room_for(folder, facts[model]):
                print(f"{model}, {place}: skipped, there is no room for it", file=sys.stderr)
                continue
            for ending in ("pb", "txt"):
                shutil.copyfile(options.disk / "models" / f"{model}.{ending}", folder / f"{model}.{ending}")
            os.sync()
            results[f"{model} {place}"] = measure_model(bench, model, place, folder, facts[model], options)
            (folder / f"{model}.pb").unlink()
    finally:
        shutil.rmtree(folder)


def machine():
    names = [line.split(":")[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    return f"{len(names)} cores ({names[0] if names else 'unknown'}), Linux {platform.release()}, {time.strftime('%Y-%m-%d')}."


def main(words):
    options = arguments_of(words)
    options.rounds = options.rounds or (3 if options.quick else 7)
    if not os.access(options.thaw, os.X_OK):
        raise SystemExit(f"no program at {options.thaw}: make build, or name it with --thaw")
    if options.quick or not os.access(options.python, os.X_OK):
        options.peer_rounds = 0
    models = options.only or (QUICK if options.quick else USUAL)
    options.disk.mkdir(parents=True, exist_ok=True)
    bench = Bench(build_launcher(options.disk), options.thaw.resolve(), options.python.absolute())
    results, facts = {}, {}
    for place, folder in (("memory", options.memory), ("disk", options.disk)):
        if options.place in (None, place) and folder.is_dir():
            measure_place(bench, place, folder, models, options, facts, results)
    goals = [verdict for goal in GOALS if (verdict := judge(goal, results, facts))]
    report(options, results, facts, goals)
    return 0 if all(goal["met"] for goal in goals) else 1


def report(options, results, facts, goals):
    print(machine())
    print()
    print(tables.as_text(tables.CASE_HEAD, tables.case_rows(results)))
    print()
    print(tables.as_text(tables.GOAL_HEAD, tables.goal_rows(goals)))
    out = options.json or options.disk / "bench.json"
    out.write_text(json.dumps({"schema": "thaw.bench/1", "machine": machine(), "models": facts, "goals": goals, "rounds": results}, indent=1) + "\n")
    if options.page:
        tables.update_page(options.page, f"{machine()} {options.rounds} rounds.", results, goals)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
