"""What the examples in docstrings start from."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def _names_of_examples(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    import tfthaw

    request.node.dtest.globs.update(
        {name: getattr(tfthaw, name) for name in tfthaw.__all__},
        MODEL=str(Path(__file__).parents[1] / "demo" / "digits.pb"),
        FOLDER=str(tmp_path_factory.mktemp("examples")),
    )
