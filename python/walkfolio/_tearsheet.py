"""Tear sheets: the page of a backtest for any series of returns, as ``walkfolio tearsheet`` writes it."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np

from . import _frames, _native
from ._html import first_screen
from ._measures import Measures
from .errors import DataError

Kind = Literal["returns", "percent", "prices"]


class Tearsheet:
    """The page of a series of returns; a notebook shows its first screen."""

    def __init__(self, native: Any) -> None:
        self._native = native
        self._files: dict[str, bytes] | None = None

    @property
    def html(self) -> str:
        """The page, which needs nothing else: the one of ``walkfolio tearsheet``, byte for byte."""
        text: str = self._native.tearsheet()
        return text

    @property
    def manifest(self) -> dict[str, Any]:
        """What was read: the name, the sources with their first and last dates, the periods of a year."""
        found: dict[str, Any] = json.loads(self._native.manifest())
        return found

    @property
    def measures(self) -> Measures:
        """The measures of the whole sample by key; those of the benchmark are in ``measures.benchmark``."""
        return Measures(json.loads(self._file("measures.json")))

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page to a file, and return where."""
        target = Path(path)
        target.write_text(self.html, encoding="utf-8", newline="\n")
        return target

    def _file(self, name: str) -> bytes:
        if self._files is None:
            self._files = dict(self._native.tables())
        return self._files[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._native.to_json(),)

    def __repr__(self) -> str:
        found = self.manifest
        return f"Tearsheet({found['study']!r}, {found['first']} to {found['last']})"

    def _repr_html_(self) -> str:
        return first_screen(self)


def _again(text: str) -> Tearsheet:
    return Tearsheet(_native.Run.from_json(text))


@dataclass(frozen=True)
class _Series:
    """A file, which of its columns, what its numbers are, and how an error calls it."""

    path: Path
    column: str | None
    kind: str | None
    what: str
    names: tuple[str, ...] = ()

    @classmethod
    def of(cls, values: Any, what: str, folder: Path, about: tuple[str | None, str | None, Any]) -> _Series:
        """Of a file, or of a table that is written to a folder."""
        column, kind, dates = about
        if kind is not None and kind not in get_args(Kind):
            raise DataError(f"there is no kind {kind!r} of series", f"one of: {', '.join(get_args(Kind))}")
        if isinstance(values, (str, os.PathLike)):
            path = Path(values)
            if not path.is_file():
                hint = "give a series, a file or a column of the returns; walkfolio.data.fetch gets prices"
                raise DataError(f"{what} is {str(values)!r}: there is no such file", hint)
            return cls(path, column, kind, str(path))
        table = _table(values, what, dates)
        folder.mkdir()
        # The page is called after the column, as it is after the file.
        path = folder / f"{re.sub(r'[^0-9A-Za-z._-]', '_', table.names[0]) if len(table.names) == 1 else 'returns'}.csv"
        path.write_bytes(table.csv())
        return cls(path, column, kind or "returns", what, tuple(table.names))

    def native(self) -> tuple[str, str | None, str | None]:
        """As the engine takes it."""
        return str(self.path), self.column, self.kind


def _table(values: Any, what: str, dates: Any) -> _frames.Table:
    library = _frames.library(values)
    if (library == "numpy" and not isinstance(values, dict)) or dates is not None:
        numbers = _frames.numbers(values, what)
        if numbers.ndim != 1:
            raise DataError(f"{what} has {numbers.ndim} dimensions, not one", "select one series")
        days = _frames.weekdays(len(numbers)) if dates is None else _frames._days(np.asarray(dates), "dates")
        if len(days) != len(numbers):
            raise DataError(f"{len(days)} dates of {len(numbers)} returns", "give one for each")
        name = "benchmark" if "benchmark" in what else "portfolio"
        return _frames.Table(days, [name], numbers.reshape(-1, 1), library)
    return _frames.table(values, what)


def tearsheet(
    returns: Any,
    benchmark: Any = None,
    *,
    name: str | None = None,
    column: str | None = None,
    kind: Kind | None = None,
    benchmark_column: str | None = None,
    benchmark_kind: Kind | None = None,
    risk_free: float | None = None,
    periods_per_year: float | None = None,
    dates: Any = None,
) -> Tearsheet:
    """Return the tear sheet of a series: the page of a backtest, without what only a backtest has.

    Parameters
    ----------
    returns : Series, DataFrame, array or path
        Simple returns by date; or a file, in any layout that prices are read in.
    benchmark : Series, DataFrame, array, path or str, optional
        As ``returns``, or the name of a column of theirs. It is compounded over the periods of the returns.
    name : str, optional
        What the page calls it; its column by default.
    column, benchmark_column : str, optional
        Which column, where there are several.
    kind, benchmark_kind : str, optional
        What the numbers are: ``"returns"`` as fractions, ``"percent"`` or ``"prices"``. Tables are taken as returns;
        of a file it is found out by looking.
    risk_free : float, optional
        The risk-free rate, a fraction a year.
    periods_per_year : float, optional
        How many periods make a year; found from the dates by default, 252 of arrays without dates.
    dates : array, optional
        The dates of an array.

    Returns
    -------
    Tearsheet
        With ``save(path)``, ``html`` and ``measures``.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.random.default_rng(1).normal(0.0005, 0.01, 500)
    >>> sheet = wf.stats.tearsheet(returns, name="noise")
    >>> sheet
    Tearsheet('noise', 2000-01-03 to 2001-11-30)
    >>> sheet.html[:15]
    '<!doctype html>'

    """
    with tempfile.TemporaryDirectory(prefix="walkfolio-") as folder:
        own = _Series.of(returns, "the returns", Path(folder, "own"), (column, kind, dates))
        other = None
        if isinstance(benchmark, str) and benchmark in own.names:
            other = _Series(own.path, benchmark, benchmark_kind or own.kind, "the benchmark")
            if column is None and len(own.names) == 2:
                own = _Series(own.path, next(each for each in own.names if each != benchmark), own.kind, own.what)
        elif benchmark is not None:
            about = (benchmark_column, benchmark_kind, dates if np.shape(dates) == np.shape(benchmark) else None)
            other = _Series.of(benchmark, "the benchmark", Path(folder, "other"), about)
        undated = _frames.library(returns) == "numpy" and own.what == "the returns" and not isinstance(returns, dict)
        if periods_per_year is None and undated and dates is None:
            periods_per_year = 252.0
        try:
            native = _native.tearsheet(
                own.native(), None if other is None else other.native(), name, risk_free, periods_per_year
            )
        except DataError as error:
            for series in filter(None, (own, other)):
                error._rename(str(series.path), series.what)
            raise
    return Tearsheet(native)
