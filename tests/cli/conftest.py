"""What these tests share: a desk with models on it. They need neither TensorFlow nor numpy."""

from __future__ import annotations

from pathlib import Path

import pytest

import models


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with a model that thaws without a warning, and one that has a warning."""
    (tmp_path / "d.pb").write_bytes(models.dense())
    (tmp_path / "doubt.pb").write_bytes(models.doubtful())
    return tmp_path
