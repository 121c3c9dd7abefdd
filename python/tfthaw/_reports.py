"""What the verbs hand back."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["DiffReport", "FreezeReport", "Report", "ThawReport", "TransplantReport", "VerifyReport"]


class Report(Mapping[str, Any]):
    """What a verb did: the fields of its JSON (docs/schemas), and as `str(report)` what the program prints.

    Reports are read-only and can be pickled.

    >>> report = thaw(MODEL, FOLDER + "/model.ckpt", dry_run=True)
    >>> report["schema"], report.warnings
    ('thaw.thaw/1', [])
    """

    def __init__(self, told: tuple[str, str]) -> None:
        self._json, self._text = told
        self._fields: dict[str, Any] = json.loads(self._json)

    def __getitem__(self, key: str) -> Any:
        return self._fields[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._headline()}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self._text)}</pre>"

    def __reduce__(self) -> Any:
        return type(self), ((self._json, self._text),)

    def __bool__(self) -> bool:
        return True

    def _headline(self) -> str:
        return self._text.strip().split("\n", 1)[0]

    @property
    def warnings(self) -> list[str]:
        """What deserves a second look, a sentence each."""
        return list(self._fields.get("warnings", ()))


class _Written(Report):
    @property
    def files(self) -> list[str]:
        """Paths of what was written; none after a dry run."""
        return [file["path"] for file in self._fields.get("files", ())]


class ThawReport(_Written):
    """Of `thaw`. Always true.

    >>> report = thaw(MODEL, FOLDER + "/model.ckpt")
    >>> report.prefix == FOLDER + "/model.ckpt", len(report.files)
    (True, 4)
    """

    @property
    def prefix(self) -> str:
        """The checkpoint's, as `tf.train.Saver.restore` takes it."""
        return str(self["prefix"])


class TransplantReport(_Written):
    """Of `transplant`. False when the plan is not complete: then nothing was written.

    >>> made = thaw(MODEL, FOLDER + "/model.ckpt")
    >>> report = transplant(MODEL, made.prefix, FOLDER + "/mine/model.ckpt")
    >>> bool(report), report.prefix == FOLDER + "/mine/model.ckpt"
    (True, True)
    """

    def __bool__(self) -> bool:
        return bool(self["complete"])

    @property
    def prefix(self) -> str:
        """Of the checkpoint; else the file or folder itself."""
        return str(self["prefix"])


class VerifyReport(Report):
    """Of `verify`. True when it is verified; else `report["problems"]` says why not.

    >>> report = verify(MODEL, thaw(MODEL, FOLDER + "/model.ckpt").prefix)
    >>> bool(report), report["problems"]
    (True, [])
    """

    def __bool__(self) -> bool:
        return bool(self["verified"])


class DiffReport(Report):
    """Of `diff`. True when something differs.

    >>> one, other = ({"w": [value]} for value in (1.0, 2.0))
    >>> a = save_checkpoint(FOLDER + "/a/model.ckpt", one)
    >>> b = save_checkpoint(FOLDER + "/b/model.ckpt", other)
    >>> bool(diff(a, b))
    True
    """

    def __bool__(self) -> bool:
        return bool(self["differs"])

    def _headline(self) -> str:
        return ("differs" if self else "no difference") + f" between {self['a']['path']!r} and {self['b']['path']!r}"


class FreezeReport(Report):
    """Of `freeze`. Always true.

    >>> report = freeze(thaw(MODEL, FOLDER + "/model.ckpt").prefix, FOLDER + "/again.pb")
    >>> report.path == FOLDER + "/again.pb"
    True
    """

    @property
    def path(self) -> str:
        """The file that was written."""
        return str(self["file"]["path"])
