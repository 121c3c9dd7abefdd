#!/usr/bin/env python3
"""Lists the weights of a model of more than 2 GB from Python, and says what that took of memory and of reading.

The model is a sparse file, made and removed here. Ends with 1 when a goal was missed. Needs `make python`.
"""

import pathlib
import resource
import sys
import tempfile

from make_models import make

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "python"))
import tfthaw  # noqa: E402

GOALS = {"memory": 50 << 20, "read": 5 << 20}


class Counted:
    """Reads ranges of a file and counts them."""

    def __init__(self, file):
        self.file, self.size, self.read = file, file.seek(0, 2), 0

    def read_at(self, offset, size):
        self.read += size
        self.file.seek(offset)
        return self.file.read(size)


def main():
    with tempfile.TemporaryDirectory() as folder:
        made = make("huge", folder)
        with open(pathlib.Path(folder, "huge.pb"), "rb") as file:
            counted = Counted(file)
            with tfthaw.load(counted) as model:
                shapes = {name: model.weights.info(name).shape for name in model.weights}
    assert len(shapes) == made["weights"] and set(shapes.values()) == {(2744, 2744)}
    took = {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10, "read": counted.read}
    print(f"listing {len(shapes)} weights of a model of {counted.size / 1e9:.2f} GB:")
    for what, most in GOALS.items():
        print(f"  {what:6}  {took[what] / 1e6:8.2f} MB   goal {most / 1e6:.1f}   {'kept' if took[what] < most else 'MISSED'}")
    return int(any(took[what] >= most for what, most in GOALS.items()))


if __name__ == "__main__":
    sys.exit(main())
