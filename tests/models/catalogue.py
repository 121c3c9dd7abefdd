"""The register of own models: `@model` on a function that builds one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from frozen import Frozen

Builder = Callable[[Path], Frozen]
MODELS: dict[str, Builder] = {}


def model(builder: Builder) -> Builder:
    """Registers `builder` under its own name; its docstring says what the model is for."""
    if builder.__name__ in MODELS:
        raise ValueError(f"two models are called {builder.__name__}")
    MODELS[builder.__name__] = builder
    return builder


def load_all() -> dict[str, Builder]:
    """Imports every room of the catalogue."""
    import convolution  # noqa: F401
    import dense  # noqa: F401
    import dtypes  # noqa: F401
    import keras3  # noqa: F401
    import layers  # noqa: F401
    import mobilenet  # noqa: F401
    import oddities  # noqa: F401
    import recurrent  # noqa: F401
    import text  # noqa: F401

    return MODELS
