"""The catalogue takes its builders from the tests beside it; it needs neither TensorFlow nor numpy."""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / name) for name in ("cli", "judge", "kill") if str(TESTS / name) not in sys.path]
