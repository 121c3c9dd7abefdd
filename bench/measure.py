"""One timed run: fresh names, memory made ready before, everything removed and synced after, outside the timer."""

import os
import pathlib
import shutil
import subprocess
import tempfile

BENCH = pathlib.Path(__file__).resolve().parent


def build_launcher(folder):
    """The small static program that starts what is measured."""
    folder.mkdir(parents=True, exist_ok=True)
    launcher, source = folder / "launch", BENCH / "launch.cc"
    if not launcher.exists() or launcher.stat().st_mtime < source.stat().st_mtime:
        compiler = os.environ.get("CXX", "c++")
        subprocess.run([compiler, "-O2", "-static", "-o", launcher, source], check=True)
    return launcher


class Bench:
    """Runs cases in a folder of its own on each place."""

    def __init__(self, launcher, thaw, python):
        self.launcher, self.thaw, self.python = launcher, thaw, python

    def command(self, case, model, output):
        words = {
            "cp": ["cp", model, output / "copy"],
            "cp+sync": ["sh", "-c", 'cp "$0" "$1" && sync "$1"', model, output / "copy"],
            "thaw": [self.thaw, model, "-o", output / "model", "--quiet"],
            "transplant": [self.thaw, "transplant", model, "--into", model.with_suffix(".txt"), "-o", output / "model", "--quiet"],
            "forum script": [self.python, BENCH / "peers" / "forum_script.py", model, output / "model"],
            "shortest script": [self.python, BENCH / "peers" / "shortest_script.py", model, output / "model"],
        }
        name, *options = case.split(" --")
        return [str(word) for word in words[name]] + ["--" + option for option in options]

    def run(self, case, model, place, touch_bytes):
        """{wall, cpu (ms), peak (KiB)} of one run."""
        output = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=place))
        result = output / "result"
        subprocess.run([self.launcher, "--touch", str(touch_bytes)], check=True)
        command = [self.launcher, result, *self.command(case, model, output)]
        environment = dict(os.environ, CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
        try:
            wall, user, system, peak, code = map(int, result.read_text().split())
        except OSError:
            raise SystemExit(f"the launcher failed for {case}") from None
        if code != 0:
            raise SystemExit(f"{case} on {model} ended with {code}:\n{done.stderr.decode()[-2000:]}")
        shutil.rmtree(output)
        os.sync()
        return {"wall": wall / 1e6, "cpu": (user + system) / 1e6, "peak": peak}
