"""Studies: what is run, from TOML, a dict or typed objects."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import _native
from ._plain import overrides as _overrides
from ._plain import plain
from .errors import Fault, StudyError

__all__ = ["Study", "schema"]

# A key of several sections means this one where it is written without a section.
_MEANT = {"first": "walk_forward"}


@functools.cache
def _schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_native.schema())
    return found


def schema() -> dict[str, Any]:
    """Return the JSON Schema of studies: every key with its meaning, unit and default.

    Examples
    --------
    >>> import walkfolio as wf
    >>> wf.schema()["properties"]["periods_per_year"]["default"]
    'auto'

    """
    found: dict[str, Any] = json.loads(_native.schema())
    return found


class Study:
    """A valid study: what is decided, how, on which data, and how it is measured.

    Parameters
    ----------
    source : str, path, dict or Study
        A TOML file, the text of one, or the same as a dict. In a dict the keys of a section may stand on their own:
        ``{"objective": ..., "every": "month"}`` is ``{"allocate": {"objective": ...}, "walk_forward": {"every":
        "month"}}``. ``bounds`` may be a pair; without bounds a weight is between 0 and 1; without ``assets`` every
        asset of the prices may be held.
    overrides : dict, optional
        Other values by dotted key, such as ``{"allocate.bounds.max": 0.4}``.

    Raises
    ------
    StudyError
        With every error at once.

    Examples
    --------
    >>> import walkfolio as wf
    >>> study = wf.Study({"objective": wf.MinimumVariance(), "covariance": wf.LedoitWolf(window=252), "every": "month"})
    >>> study.settings["allocate"]["bounds"]["max"]
    1.0
    >>> wf.Study(study.to_toml()).hash == study.hash
    True

    """

    _name: str
    _text: str
    _native: _native.Study

    def __init__(self, source: Any, overrides: Mapping[str, Any] | None = None) -> None:
        self._overrides: list[str] = _overrides(overrides or {})
        if isinstance(source, Study):
            self._name, self._text = source._name, source._text
            self._overrides = source._overrides + self._overrides
        elif isinstance(source, Mapping) or hasattr(source, "to_dict"):
            self._name, self._text = "study", _native.to_toml(json.dumps(nested(source)))
        elif isinstance(source, os.PathLike) or (isinstance(source, str) and "\n" not in source and "=" not in source):
            self._name = os.fspath(source)
            self._text = _read(self._name)
        elif isinstance(source, str):
            self._name, self._text = "study.toml", source
        else:
            what = f"a study is a TOML file, its text or a dict, not a {type(source).__name__}"
            raise StudyError(what, faults=[Fault("", what)])
        self._native = _native.Study.parse(self._name, self._text, self._overrides)

    def _with(self, overrides: list[str]) -> Study:
        """The same study with more overrides, each in TOML."""
        if not overrides:
            return self
        other = Study.__new__(Study)
        other._name, other._text = self._name, self._text
        other._overrides = self._overrides + overrides
        other._native = _native.Study.parse(other._name, other._text, other._overrides)
        return other

    def with_(self, overrides: Mapping[str, Any]) -> Study:
        """Return the study with other values by dotted key.

        Examples
        --------
        >>> import walkfolio as wf
        >>> study = wf.Study({"objective": wf.TrackingError(window=252), "every": "month", "benchmark": "SPY"})
        >>> study.with_({"allocate.bounds.max": 0.4}).settings["allocate"]["bounds"]["max"]
        0.4

        """
        return self._with(_overrides(overrides))

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.settings["name"])

    @property
    def settings(self) -> dict[str, Any]:
        """Every setting, defaults written out."""
        found: dict[str, Any] = json.loads(self._native.resolved())
        return found

    @property
    def hash(self) -> str:
        """The hash of its settings: studies with equal ones are the same."""
        return self._native.hash()

    @property
    def cells(self) -> int:
        """How many cells its grid has; 0 without one."""
        return self._native.cells()

    def cell(self, number: int) -> Study:
        """Return the study of one cell of its grid, counted from 1."""
        return Study(_native.to_toml(self._native.cell(number).resolved()))

    def to_dict(self) -> dict[str, Any]:
        """Return every setting as a dict that makes the same study."""
        return self.settings

    def to_toml(self) -> str:
        """Return it as TOML: its own text where it has one, else every setting."""
        return _native.to_toml(self._native.resolved()) if self._overrides else self._text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Study) and self.hash == other.hash

    def __hash__(self) -> int:
        return hash(self.hash)

    def __repr__(self) -> str:
        return f"Study({self.name!r}, {self.hash[:12]})"

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process may have another folder of its own, and files that a study names lie next to it.
        name = os.path.abspath(self._name) if Path(self._name).is_file() else self._name
        return _rebuilt, (name, self._text, self._overrides)


def _rebuilt(name: str, text: str, overrides: list[str]) -> Study:
    study = Study.__new__(Study)
    study._name, study._text, study._overrides = name, text, overrides
    study._native = _native.Study.parse(name, text, overrides)
    return study


def _read(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError as error:
        what = f"{path}: cannot read the study: {error.strerror}"
        raise StudyError(what, "check the path", faults=[Fault("", what, "check the path")]) from None


def nested(source: Any) -> dict[str, Any]:
    """A dict whose keys stand in their sections, with the defaults of a dict."""
    given = plain(source)
    sections = _schema()["properties"]
    study: dict[str, Any] = {}
    for key, value in given.items():
        homes = [name for name, section in sections.items() if key in section.get("properties", {})]
        home = _MEANT.get(key, homes[0] if len(homes) == 1 else None)
        if key in sections:
            study[key] = {**study.get(key, {}), **value} if isinstance(value, dict) else value
        elif home is None:
            study[key] = value
        else:
            study[home] = {**study.get(home, {}), key: value}
    study.setdefault("name", "study")
    market = study.setdefault("market", {})
    if isinstance(market, dict) and market.setdefault("assets", ["*"]) == ["*"] and "source" not in market:
        # The prices of a call, which have this name while it takes.
        market.setdefault("files", {"prices": "prices.parquet"})
    allocate = study.setdefault("allocate", {})
    if isinstance(allocate, dict):
        bounds = allocate.get("bounds", [0.0, 1.0])
        if isinstance(bounds, list) and len(bounds) == 2:
            bounds = dict(zip(("min", "max"), map(float, bounds), strict=True))
        allocate["bounds"] = bounds
    return study
