"""Measures of returns, and how far they can be believed.

Returns are simple returns as fractions, as a Series or array. Where a benchmark or a rate is given as a Series, the
two are joined by date. A measure that is not defined is ``None``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from . import _frames, _native
from ._measures import definitions
from ._tearsheet import Tearsheet, tearsheet
from .errors import DataError

__all__ = [
    "Deflated",
    "Difference",
    "Interval",
    "Overfitting",
    "Tearsheet",
    "definitions",
    "deflated_sharpe_ratio",
    "drawdowns",
    "interval",
    "measures",
    "overfitting",
    "sharpe_difference",
    "tearsheet",
]

Floats = _frames.Floats


@dataclass(frozen=True)
class _Sample:
    days: bytes
    own: Floats
    others: dict[str, Floats | None]
    dates: _frames.Days


def _series(values: Any, what: str) -> tuple[_frames.Days | None, Floats]:
    """Dates, where it has some, and numbers of one series."""
    kind = _frames.library(values)
    if kind in ("pandas", "polars", "pyarrow") and type(values).__name__ in (
        "DataFrame",
        "Table",
        "LazyFrame",
    ):
        table = _frames.table(values, what)
        if len(table.names) != 1:
            raise DataError(f"{what} has {len(table.names)} columns", "select one series")
        return table.dates, table.values[:, 0]
    if kind == "pandas" and type(values.index).__name__ in ("DatetimeIndex", "PeriodIndex"):
        table = _frames.table(values, what)
        return table.dates, table.values[:, 0]
    numbers = _frames.numbers(values, what)
    if numbers.ndim != 1:
        raise DataError(f"{what} has {numbers.ndim} dimensions, not one", "select one series")
    return None, numbers


def _sample(portfolio: Any, dates: Any, others: Mapping[str, Any]) -> _Sample:
    own_dates, own = _series(portfolio, "the portfolio")
    if dates is not None:
        own_dates = _frames._days(np.asarray(dates), "dates")
    if len(own) == 0:
        raise DataError("the portfolio has no returns", None)
    if np.isnan(own).any():
        raise DataError(
            f"the portfolio has {int(np.isnan(own).sum())} missing returns", "drop them, or fill them with 0"
        )
    if np.isinf(own).any():
        raise DataError(f"the portfolio has {int(np.isinf(own).sum())} infinite returns", "look for prices of 0")
    if own_dates is None:
        # Sessions of a week from Monday to Friday, which make 261 a year; `periods_per_year` says otherwise.
        own_dates = _frames.weekdays(len(own))
    if len(own_dates) != len(own):
        raise DataError(f"{len(own_dates)} dates of {len(own)} returns", "give one for each")
    aligned = {name: None if value is None else _aligned(value, name, own_dates) for name, value in others.items()}
    days = np.ascontiguousarray(own_dates.astype(np.int64)).tobytes()
    return _Sample(days, own, aligned, own_dates)


def _aligned(value: Any, what: str, dates: _frames.Days) -> Floats:
    """A series on the dates of the portfolio; a number is the same on each of them."""
    if isinstance(value, (int, float)):
        return np.full(len(dates), float(value))
    own, numbers = _series(value, what)
    if own is None:
        if len(numbers) != len(dates):
            raise DataError(f"{what} has {len(numbers)} values, the portfolio {len(dates)}", "give both by date")
        return numbers
    found = np.full(len(dates), np.nan)
    at = np.searchsorted(own, dates)
    there = (at < len(own)) & (own[np.minimum(at, len(own) - 1)] == dates)
    if not there.any():
        raise DataError(f"{what} has no date in common with the portfolio", "check its index")
    found[there] = numbers[at[there]]
    return found


def _bytes(values: Floats | None) -> bytes | None:
    return None if values is None else np.ascontiguousarray(values, dtype=np.float64).tobytes()


def measures(
    portfolio: Any,
    benchmark: Any = None,
    *,
    risk_free: Any = None,
    market_excess: Any = None,
    dates: Any = None,
    periods_per_year: float | None = None,
) -> dict[str, float | None]:
    """Return every measure of a series of returns.

    Parameters
    ----------
    portfolio : Series or array
        Simple returns.
    benchmark, market_excess : Series or array, optional
        Returns of the benchmark, and of the market above the risk-free rate.
    risk_free : Series, array or float, optional
        The risk-free rate of a period; 0 without it.
    dates : array, optional
        The dates of arrays.
    periods_per_year : float, optional
        How many periods make a year; found from the dates by default, 252 of arrays without dates.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> found = wf.stats.measures(np.array([0.10, -0.20, 0.05]))
    >>> round(found["max_drawdown"], 12)
    -0.2

    """
    has_dates = dates is not None or _series(portfolio, "the portfolio")[0] is not None
    periods = periods_per_year if periods_per_year is not None or has_dates else 252.0
    others = {"the benchmark": benchmark, "the risk-free rate": risk_free, "market_excess": market_excess}
    sample = _sample(portfolio, dates, others)
    other, rate, excess = (_bytes(value) for value in sample.others.values())
    own = np.ascontiguousarray(sample.own).tobytes()
    found: dict[str, float | None] = json.loads(_native.measures(sample.days, own, other, rate, excess, periods))
    return found


@dataclass(frozen=True)
class Interval:
    """A figure with its bootstrap interval."""

    estimate: float
    low: float
    high: float
    level: float
    resamples: int
    mean_block: float


@dataclass(frozen=True)
class Difference:
    """The difference of two Sharpe ratios a year, with its interval and two-sided p-value."""

    interval: Interval
    p_value: float
    standard_error: float


def interval(
    figure: str,
    portfolio: Any,
    benchmark: Any = None,
    *,
    risk_free: Any = None,
    periods_per_year: float = 252.0,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
    mean_block: float | None = None,
) -> Interval | None:
    """Return the stationary block bootstrap interval of a figure: Politis and Romano (1994).

    Parameters
    ----------
    figure : str
        ``mean_return_annual``, ``volatility``, ``sharpe_ratio``, ``max_drawdown``, and with a benchmark
        ``tracking_error`` and ``information_ratio``.
    portfolio, benchmark, risk_free : Series or array
        As in `measures`.
    level : float
        The share of cases that the interval should cover.
    mean_block : float, optional
        The mean length of a block in periods; chosen from the series by default.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.random.default_rng(1).normal(0.0005, 0.01, 1000)
    >>> found = wf.stats.interval("volatility", returns, resamples=200)
    >>> found.low < found.estimate < found.high
    True

    """
    sample = _sample(portfolio, None, {"the benchmark": benchmark, "the risk-free rate": risk_free})
    series = sample.own
    other, rate = sample.others["the benchmark"], sample.others["the risk-free rate"]
    if figure in ("tracking_error", "information_ratio"):
        if other is None:
            raise DataError(f"{figure} needs a benchmark", "give benchmark")
        series = series - other
    elif figure == "sharpe_ratio" and rate is not None:
        series = series - rate
    text = _native.interval(
        figure,
        np.ascontiguousarray(series).tobytes(),
        periods_per_year,
        resamples=resamples,
        level=level,
        seed=seed,
        mean_block=mean_block,
    )
    found = json.loads(text)
    return None if found is None else Interval(**found)


def sharpe_difference(
    a: Any,
    b: Any,
    *,
    risk_free: Any = None,
    periods_per_year: float = 252.0,
    level: float = 0.95,
    resamples: int = 1000,
    seed: int = 0,
) -> Difference | None:
    """Return the difference of two Sharpe ratios by a studentized block bootstrap: Ledoit and Wolf (2008).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> a, b = np.random.default_rng(1).normal(0.0005, 0.01, (2, 500))
    >>> 0 <= wf.stats.sharpe_difference(a, b, resamples=200).p_value <= 1
    True

    """
    sample = _sample(a, None, {"b": b, "the risk-free rate": risk_free})
    text = _native.sharpe_difference(
        np.ascontiguousarray(sample.own).tobytes(),
        _bytes(sample.others["b"]) or b"",
        _bytes(sample.others["the risk-free rate"]),
        periods_per_year,
        resamples=resamples,
        level=level,
        seed=seed,
    )
    found = json.loads(text)
    if found is None:
        return None
    return Difference(Interval(**found["interval"]), found["p_value"], found["standard_error"])


@dataclass(frozen=True)
class Deflated:
    """The probability that the Sharpe ratio of the best of many trials is above what luck alone gives."""

    sharpe_ratio: float
    trials: float
    variance_of_trials: float
    expected_maximum: float
    probability: float


def deflated_sharpe_ratio(
    best: Any,
    sharpe_ratios: Sequence[float] | None = None,
    *,
    trials: float | None = None,
    variance: float | None = None,
) -> Deflated | None:
    """Return the deflated Sharpe ratio of the best of many trials: Bailey and Lopez de Prado (2014).

    Parameters
    ----------
    best : Series or array
        Returns of the best trial above the risk-free rate.
    sharpe_ratios : list of float, optional
        The Sharpe ratios of all trials, a period, not a year.
    trials, variance : float, optional
        Their number and the variance of their Sharpe ratios, in place of the ratios.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.random.default_rng(1).normal(0.001, 0.01, 1000)
    >>> found = wf.stats.deflated_sharpe_ratio(returns, trials=100, variance=0.0005)
    >>> 0 < found.probability < 1
    True

    """
    own = np.ascontiguousarray(_series(best, "the best trial")[1]).tobytes()
    ratios = None if sharpe_ratios is None else _bytes(np.asarray(sharpe_ratios, dtype=np.float64))
    if ratios is None and (trials is None or variance is None):
        raise DataError("the trials are not described", "give sharpe_ratios, or trials and variance")
    found = json.loads(_native.deflated_sharpe(own, ratios, trials, variance))
    return None if found is None else Deflated(**found)


@dataclass(frozen=True)
class Overfitting:
    """The probability of backtest overfitting, and of a loss out of sample."""

    probability: float
    probability_of_loss: float
    logits: list[float]
    sharpe_ratios: list[tuple[float, float]]


def overfitting(trials: Any, blocks: int = 16) -> Overfitting | None:
    """Return the probability that the best trial in one half of the sample is below the median in the other.

    Combinatorially symmetric cross-validation: Bailey, Borwein, Lopez de Prado and Zhu (2017).

    Parameters
    ----------
    trials : DataFrame or array
        Returns, one column a trial.
    blocks : int
        Into how many blocks the sample is cut, an even number.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> noise = np.random.default_rng(1).normal(0, 0.01, (500, 10))
    >>> 0 <= wf.stats.overfitting(noise, blocks=8).probability <= 1
    True

    """
    values = _frames.numbers(trials, "trials")
    if values.ndim != 2:
        raise DataError("trials are a table with one column for each", "give a DataFrame or a matrix")
    values = np.asfortranarray(values)
    found = json.loads(_native.overfitting_probability(values.tobytes(order="F"), values.shape[0], blocks))
    return None if found is None else Overfitting(**found)


def drawdowns(portfolio: Any, *, dates: Any = None, most: int = 10) -> list[dict[str, Any]]:
    """Return the deepest drawdowns: when each began, was deepest and was recovered from, and how deep it was.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> found = wf.stats.drawdowns(np.array([0.0, -0.1, 0.2, -0.05]))
    >>> [round(each["depth"], 12) for each in found]
    [-0.1, -0.05]

    """
    sample = _sample(portfolio, dates, {})
    # What is lost cannot come back through two negative signs.
    wealth = np.concatenate([[1.0], np.cumprod(np.maximum(1 + sample.own, 0.0))])
    peak = np.maximum.accumulate(wealth)
    under = (wealth < peak)[1:]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], under, [False]]).astype(int)))
    spells = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        depths = (wealth / peak - 1)[start + 1 : stop + 1]
        trough = start + int(np.argmin(depths))
        recovered = sample.dates[stop] if stop < len(sample.dates) else None
        spells.append(
            {
                "start": sample.dates[start],
                "trough": sample.dates[trough],
                "end": recovered,
                "depth": float(depths.min()),
            }
        )
    return sorted(spells, key=lambda spell: spell["depth"])[:most]
