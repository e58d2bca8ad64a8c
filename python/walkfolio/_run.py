"""Runs: a study walked forward, with its tables, measures and report."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import _frames, _native
from ._data import Data
from ._data import of as _data_of
from ._measures import Measures
from ._plain import plain
from ._progress import progress as _progress
from .errors import RunError
from .study import Study, nested

__all__ = ["Audit", "Grid", "Run", "Verification", "check", "read", "run", "verify"]


class _Findings:
    """What was found, as attributes and as a dict."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._found:
            raise AttributeError(name)
        return self._found[name]

    def to_dict(self) -> dict[str, Any]:
        """Return all of it."""
        return dict(self._found)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._found,)


class Audit(_Findings):
    """Whether decisions look ahead.

    Attributes
    ----------
    decisions : int
        How many were made again on a perturbed future.
    complete : bool
        Whether all were looked at.
    leak : dict or None
        The first that changed: its date and what differed.

    """

    @property
    def passed(self) -> bool:
        """Whether no decision changed."""
        return self._found["leak"] is None and bool(self._found["complete"])

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        leak = self._found["leak"]
        if leak:
            return f"Audit(looks ahead on {leak['date']}: {leak['what']})"
        return f"Audit(passed, {self._found['decisions']} decisions)"


class Verification(_Findings):
    """Whether a run is what its study and its data give: made again, compared and solved by another method.

    Attributes
    ----------
    decisions, confirmed, fallbacks, unconfirmed : int
        How many were made again, and of how many another method finds the same objective.
    worst_gap : float
        The largest relative distance of the two.
    faults : list of dict
        What is not as it was made again.

    """

    @property
    def passed(self) -> bool:
        """Whether nothing differs."""
        return not self._found["faults"]

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        state = "passed" if self.passed else f"{len(self._found['faults'])} faults"
        return f"Verification({state}, {self._found['decisions']} decisions, {self._found['confirmed']} confirmed)"


class _Result:
    """What runs and grids have in common."""

    def __init__(self, native: Any, data: Data, study: Study | None, path: str | None = None) -> None:
        self._native, self._data, self._study, self.path = native, data, study, path
        self._files: dict[str, bytes] | None = None

    @property
    def manifest(self) -> dict[str, Any]:
        """What was run on which data, with which build."""
        found: dict[str, Any] = json.loads(self._native.manifest())
        return found

    @property
    def study(self) -> Study:
        """The study that was run."""
        if self._study is None:
            self._study = Study(_native.to_toml(json.dumps(self.manifest["resolved"])))
        return self._study

    def _file(self, name: str) -> bytes:
        if self._files is None:
            self._files = dict(self._native.tables())
        if name not in self._files:
            raise RunError(f"the run has no {name}", f"it has: {', '.join(sorted(self._files))}")
        return self._files[name]

    @property
    def tables(self) -> list[str]:
        """The names of its tables."""
        self._file("ledger.parquet")
        return sorted(name.removesuffix(".parquet") for name in self._files or {} if name.endswith(".parquet"))

    def table(self, name: str) -> Any:
        """Return a table in the library that the prices came in: see `tables`."""
        return _frames.frame(_frames.read(self._file(f"{name}.parquet")), self._data.library)

    @property
    def ledger(self) -> Any:
        """Every solve, note, warning and fallback."""
        return self.table("ledger")

    def report(self, path: str | os.PathLike[str]) -> Path:
        """Write the report: a page (``.html``), a text (``.md``) or a workbook (``.xlsx``), by the ending of the name.

        Returns
        -------
        Path
            Where it was written.

        """
        target = Path(path)
        files = {Path(name).suffix: content for name, content in self._native.report()}
        if target.suffix not in files:
            raise RunError(f"a report ends in .html, .md or .xlsx, not {target.suffix or 'in nothing'}", None)
        target.write_bytes(files[target.suffix])
        return target

    def __reduce__(self) -> tuple[Any, ...]:
        return _unpickled, (type(self), self._native.to_json(), self._data, self._study, self.path)


def _unpickled(kind: type[_Result], text: str, data: Data, study: Study | None, path: str | None) -> _Result:
    native = _native.Grid.from_json(text) if kind is Grid else _native.Run.from_json(text)
    return kind(native, data, study, path)


class Run(_Result):
    """A backtest: returns, weights, measures and every decision.

    Frames are of the library that the prices came in. Returns and weights are fractions; a decision knows the rows
    before its date, and its weights earn from ``traded`` on.
    """

    @property
    def measures(self) -> Measures:
        """The measures of the whole sample by key, `None` where one is not defined."""
        return Measures(json.loads(self._file("measures.json")))

    @property
    def returns(self) -> Any:
        """One row a session: portfolio, gross of costs, benchmark, cash, turnover and cost."""
        columns = _frames.read(self._file("returns.parquet"))
        return _frames.frame(columns, self._data.library, "date")

    @property
    def decisions(self) -> Any:
        """One row for each decision and asset: weight, weight before the trade, whether it was selected."""
        return self.table("decisions")

    @property
    def weights(self) -> Any:
        """The weights after each trade: a row for each decision, a column for each asset."""
        columns = _frames.read(self._file("decisions.parquet"))
        names = list(dict.fromkeys(columns["asset"]))
        dates, rows = np.unique(columns["date"], return_inverse=True)
        at = {name: place for place, name in enumerate(names)}
        wide = np.zeros((len(dates), len(names)))
        wide[rows, [at[name] for name in columns["asset"]]] = columns["weight"]
        return _frames.frame({"date": dates, **dict(zip(names, wide.T, strict=True))}, self._data.library, "date")

    @property
    def status(self) -> str:
        """How it ended: `complete`, `interrupted` or `failed`."""
        return str(self.manifest["status"])

    @property
    def plot(self) -> Any:
        """Charts: ``growth()``, ``weights()``, ``drawdown()``, each with ``backend="matplotlib"`` or ``"plotly"``."""
        from .plot import Plots

        return Plots(self)

    def verify(self, progress: Any = None) -> Verification:
        """Make the run again, compare every table, and solve every decision by another method."""
        with self._data.folder() as folder, _progress(progress) as callback:
            return Verification(json.loads(_native.verify(self.study._native, self._native, folder, callback)))

    def audit(self, progress: Any = None) -> Audit:
        """Make every decision again on a perturbed future: none may change."""
        with self._data.folder() as folder, _progress(progress) as callback:
            return Audit(json.loads(_native.audit(self.study._native, folder, callback)))

    def __repr__(self) -> str:
        manifest = self.manifest
        te, ret = self.measures.get("tracking_error"), self.measures.get("annual_return")
        parts = [f"{manifest['decisions']} decisions"]
        if ret is not None:
            parts.append(f"return {ret:.2%} a year")
        if te is not None:
            parts.append(f"tracking error {te:.2%}")
        return f"Run({self.study.name!r}, {', '.join(parts)})"

    def _repr_html_(self) -> str:
        from ._html import first_screen

        return first_screen(self)


class Grid(_Result):
    """The backtests of a study's grid.

    Attributes
    ----------
    keys : list of str
        The keys that are swept.

    """

    @property
    def keys(self) -> list[str]:
        """The keys that are swept."""
        found: list[str] = self._native.keys()
        return found

    @property
    def cells(self) -> Any:
        """One row a cell: the swept keys, how it ended, and its measures."""
        return self.table("grid")

    @property
    def returns(self) -> Any:
        """The returns of every cell, one row for each cell and session."""
        return self.table("cells")

    @property
    def selection_bias(self) -> dict[str, Any] | None:
        """How far the best cell can be believed: deflated Sharpe ratio and probability of overfitting."""
        if self._files is None:
            self._file("ledger.parquet")
        found = (self._files or {}).get("luck.json")
        return None if found is None else json.loads(found)

    @property
    def plot(self) -> Any:
        """Charts: ``grid.plot.surface(measure)``."""
        from .plot import GridPlots

        return GridPlots(self)

    def __len__(self) -> int:
        return len(next(iter(_frames.read(self._file("grid.parquet")).values())))

    def __repr__(self) -> str:
        return f"Grid({self.study.name!r}, {len(self)} cells of {', '.join(self.keys)})"


def wrapped(native: Any, data: Data, study: Study | None, path: str | None = None) -> Run | Grid:
    return (Grid if isinstance(native, _native.Grid) else Run)(native, data, study, path)


def prepared(study: Any, options: dict[str, Any]) -> tuple[Study, Data]:
    """The study on the data of a call."""
    given = study if isinstance(study, Study) else None
    data = _data_of(**options)
    if given is None and (isinstance(study, dict) or hasattr(study, "to_dict")):
        study = nested(study)
        for key, value in data.market.items():
            study["market"].setdefault(key, plain(value))
    return (given or Study(study))._with(data.overrides), data


def run(
    study: Any,
    prices: Any = None,
    *,
    benchmark: Any = None,
    factors: Any = None,
    members: Any = None,
    risk_free: Any = None,
    data: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] | None = None,
    replace: bool = False,
    resume: bool = False,
    report: bool = True,
    progress: bool | Callable[[int, int], object] | None = None,
) -> Any:
    """Run a study: walk it forward through its data, decision by decision from the past alone.

    Parameters
    ----------
    study : Study, str, path or dict
        What to run: see `Study`.
    prices : DataFrame or path, optional
        Adjusted closes, one column an asset, by date; of pandas, polars, pyarrow or anything that speaks Arrow; or a
        file. Without it the study's own source is read.
    benchmark : str, Series or dict, optional
        A column of prices, a series of prices of its own, or weights of a blend.
    factors, members, risk_free : DataFrame, optional
        Factor returns, spells of index members, and a rate (a number is a rate a year).
    data : path, optional
        The folder of the files that the study names.
    out : path, optional
        A folder for the run: tables, `run.json` and report. Without it the run stays in memory.
    replace, resume : bool
        Replace the run in that folder, or resume it where it was interrupted.
    report : bool
        Whether the folder gets its report.
    progress : bool or callable, optional
        Whether to show progress (with tqdm where it is installed), or a function of what is done and of how much.

    Returns
    -------
    Run or Grid
        A grid if the study has one.

    Raises
    ------
    StudyError, DataError, DecisionError, Infeasible
        What is wrong, with its data.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["XLK", "XLF", "XLE", "SPY"])
    >>> run = wf.run({"objective": wf.TrackingError(window=252), "every": "month"}, prices, benchmark="SPY")
    >>> 0 < run.measures["tracking_error"] < 0.2
    True

    """
    options = {"prices": prices, "benchmark": benchmark, "factors": factors, "members": members}
    made, found = prepared(study, {**options, "risk_free": risk_free, "data": data})
    with found.folder() as folder, _progress(progress) as callback:
        if out is None:
            if replace or resume:
                raise RunError("there is no folder to replace or resume", "name it with out")
            return wrapped(_native.run(made._native, folder, callback), found, made)
        start = "resume" if resume else "replace" if replace else "new"
        native = _native.run_to(made._native, folder, os.fspath(out), start, not report, callback)
        return wrapped(native, found, made, os.fspath(out))


def check(study: Any, prices: Any = None, **options: Any) -> dict[str, Any]:
    """Check the data that a study reads, before anything is cleaned: coverage, gaps, jumps, stale prices."""
    made, found = prepared(study, {"prices": prices, **options})
    with found.folder() as folder:
        report: dict[str, Any] = json.loads(_native.check(made._native, folder))
        return report


def read(path: str | os.PathLike[str]) -> Any:
    """Read the folder of a run: a `Run`, or a `Grid`."""
    native = _native.read_run(os.fspath(path))
    return wrapped(native, _data_of(), None, os.fspath(path))


def verify(
    path: str | os.PathLike[str], data: str | os.PathLike[str] | None = None, progress: Any = None
) -> Verification:
    """Verify the folder of a run: every file made again and compared, every decision solved by another method."""
    with _progress(progress) as callback:
        folder = None if data is None else os.fspath(data)
        return Verification(json.loads(_native.verify_folder(os.fspath(path), folder, callback)))
