"""Prices: read, checked and cleaned as studies do it, the sample market, and what vendors serve."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from . import _frames, _native
from ._data import _installed
from ._data import of as _of
from ._plain import plain
from ._progress import progress as _progress
from ._run import check as check_study
from .errors import DataError
from .study import Study

__all__ = ["check", "fetch", "read", "sample"]

# What a study must say besides its market, where only the market is asked for.
_REST: dict[str, Any] = {
    "objective": {"kind": "minimum_variance"},
    "covariance": {"kind": "sample", "window": 2},
    "every": "month",
}


def _study(market: Mapping[str, Any], clean: Mapping[str, Any] | None) -> Study:
    source = {**_REST, "market": dict(market)}
    return Study(source if clean is None else {**source, "clean": dict(clean)})


def sample(assets: Sequence[str], *, seed: int | None = None, library: str | None = None) -> Any:
    """Return prices of the sample market: a simulation of funds and stocks from 2005-08-15 to 2025-08-12.

    Parameters
    ----------
    assets : list of str
        Names such as ``SPY``, ``XLK``, ``GLD``.
    seed : int, optional
        Another of the possible histories.
    library : str, optional
        ``pandas``, ``polars``, ``pyarrow`` or ``numpy`` (a dict of arrays); the first that is installed.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD"], library="numpy")
    >>> str(prices["date"][0].astype("datetime64[D]")), sorted(prices)
    ('2005-08-15', ['GLD', 'SPY', 'date'])

    """
    study = _study({"assets": list(assets), "source": {"kind": "sample", "seed": seed}}, None)
    return _prices(study, None, library or _installed("pandas", "polars", "pyarrow"))


def read(
    path: str | os.PathLike[str],
    *,
    assets: Sequence[str] = ("*",),
    layout: str | None = None,
    clean: Mapping[str, Any] | None = None,
    library: str | None = None,
    **market: Any,
) -> Any:
    """Read prices from CSV or Parquet files of any known layout, checked, as a study reads them.

    Parameters
    ----------
    path : path
        A file, a folder with one file a ticker, or a snapshot that `fetch` made.
    assets : list of str
        Which tickers; all by default.
    layout : str, optional
        The layout, where the header does not tell it.
    clean : dict, optional
        What a study's ``[clean]`` has: how gaps are filled, what jumps mean.
    library : str, optional
        ``pandas``, ``polars``, ``pyarrow`` or ``numpy``.
    **market
        Other keys of a study's ``[market]``, such as ``csv`` or ``max_gap``.

    Raises
    ------
    DataError
        With the file and the place in it.

    """
    where = Path(path)
    if not where.exists():
        raise DataError(f"there is no file or folder {where}", "check the path")
    kind = "parquet" if where.suffix == ".parquet" else "csv"
    source = {"kind": kind, "layout": layout}
    files = {"files": {"prices": where.name}, "assets": list(assets), **market}
    study = _study({"source": source, **files}, clean)
    folder = where if (where / "manifest.json").is_file() else where.parent
    return _prices(study, str(folder), library or _installed("pandas", "polars", "pyarrow"))


def _prices(study: Study, folder: str | None, library: str) -> Any:
    content, _, notes = _native.prices(study._native, folder)
    table = _frames.frame(_frames.read(content), library, "date")
    if notes and library == "pandas":
        table.attrs["notes"] = notes
    return table


def fetch(
    what: Any,
    into: str | os.PathLike[str],
    *,
    source: str = "yahoo",
    first: Any = None,
    base_url: str | None = None,
    time_out: float = 30.0,
    tries: int = 5,
    parallel: int = 4,
    progress: Any = None,
) -> list[dict[str, Any]]:
    """Fetch prices or factors from a vendor into a snapshot: a folder that `read` and studies read.

    What is there already is kept: only the sessions after it are asked for, with some before them, which are
    compared. Where a dividend or a split has changed these, all is fetched again, and what was revised is said.

    Parameters
    ----------
    what : list of str, or Study
        The tickers, or a study whose assets, benchmark and factors are wanted; ``[]`` for ``french``.
    into : path
        The folder; it is made if it does not exist.
    source : str
        ``yahoo``, ``stooq``, or ``french`` for Ken French's library of daily factors.
    first : date, optional
        The first session to ask for where nothing is there yet.
    base_url : str, optional
        Another address than the vendor's own.
    time_out, tries, parallel : optional
        The seconds of a request, how often one is tried, and how many go at a time.
    progress : bool or callable, optional
        As for `walkfolio.run`, counted in tickers.

    Returns
    -------
    list of dict
        For each ticker ``name``, ``added``, ``rows``, ``last``, ``again`` and ``revisions``; or ``name`` and ``error``:
        one that fails does not hinder the others.

    Raises
    ------
    DataError
        If the folder cannot be written, or nothing is asked for.

    """
    wanted = [what] if isinstance(what, str) else what
    factors = False
    if isinstance(wanted, Study):
        wanted, factors = _native.needs(wanted._native)
    tickers = [str(name) for name in wanted]
    if not tickers and source != "french":
        raise DataError("there is nothing to fetch", "name tickers, or a study that does")
    vendors = [source, *(["french"] if factors and source != "french" else [])]
    day = None if first is None else str(plain(first))[:10]
    limits = (float(time_out), int(tries), int(parallel))
    found: list[dict[str, Any]] = []
    with _progress(progress) as callback:
        for vendor in vendors:
            own = base_url if vendor == source else None
            text = _native.fetch(vendor, tickers, os.fspath(into), day, own, limits, callback)
            found += json.loads(text)
    return found


def check(prices: Any, **market: Any) -> dict[str, Any]:
    """Check prices before anything is cleaned: coverage, gaps, jumps, stale and doubtful values.

    Parameters
    ----------
    prices : DataFrame or path
        As for `walkfolio.run`.
    **market
        Keys of a study's ``[market]``, such as ``calendar``.

    Examples
    --------
    >>> import walkfolio as wf
    >>> report = wf.data.check(wf.data.sample(["SPY", "GLD"]))
    >>> len(report["coverage"])
    2

    """
    found = _of(prices=prices)
    report: dict[str, Any] = check_study({**_REST, "market": {"assets": ["*"], **found.market, **market}}, prices)
    return report
