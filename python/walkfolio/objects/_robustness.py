"""The tables of `robustness`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Bootstrap(StudyObject):
    """Repeats the study on resampled histories.

    Attributes
    ----------
    worlds :
        The number of histories.

        Unit: histories.

        Example: `worlds = 200`
    block :
        The length of a block; its mean with `stationary`.

        What a study learns from longer windows than a block does not survive in a resampled history.

        Unit: periods.

        Default: `63`.
    method :
        How the blocks are drawn.

        Default: `"stationary"`.
    seed :
        What the random numbers are drawn from: equal seeds, equal histories.

        Unit: none.

        Default: `1`.
    """

    worlds: int
    block: int | None = None
    method: Literal["stationary", "circular"] | None = None
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class CrossValidation(StudyObject):
    """Chooses among the backtests of `grid` on some parts of history and measures the choice on the
    others.

    Attributes
    ----------
    criterion :
        What is best.

        Default: `"sharpe_ratio"`.
    embargo :
        Sessions after each left-out group that choices do not see.

        Without it, 1 % of all. With the longest window of the study, no portfolio that was estimated from a
        left-out group counts in the choice.

        Unit: periods.

        Example: `embargo = 252`
    groups :
        The number of groups of sessions.

        Unit: groups.

        Default: `8`.
    purge :
        Sessions before each left-out group that choices do not see: those whose holdings reach into it.

        Without it, the sessions between two decisions.

        Unit: periods.

        Example: `purge = 21`
    test :
        The number of groups that are left out at a time.

        Unit: groups.

        Default: `2`.
    """

    criterion: Literal["sharpe_ratio", "information_ratio", "tracking_error"] | None = None
    embargo: int | None = None
    groups: int | None = None
    purge: int | None = None
    test: int | None = None


@dataclass(frozen=True, kw_only=True)
class Stress(StudyObject):
    """An episode of history, or a shock: exactly one of `first` with `last`, `assets` and `factors`.

    Attributes
    ----------
    name :
        The name in the tables.

        Example: `name = "lehman"`
    assets :
        Returns of assets in a shock.

        Unit: fraction.

        Example: `assets = { XLE = -0.3 }`
    factors :
        Returns of factors in a shock; assets respond by their exposures to these factors.

        Unit: fraction.

        Example: `factors = { "Mkt-RF" = -0.2 }`
    first :
        The first session of an episode, whose returns each portfolio is held through.

        Example: `first = 2008-09-15`
    last :
        The last session of an episode.

        Example: `last = 2008-11-20`
    others :
        What the other assets do in a shock of `assets`.

        Default: `"unchanged"`.
    proxies :
        Assets that stand for others without a price in the episode.

        Example: `proxies = { AIQ = "XLK" }`
    """

    name: str
    assets: Mapping[str, float] | None = None
    factors: Mapping[str, float] | None = None
    first: str | datetime.date | None = None
    last: str | datetime.date | None = None
    others: Literal["unchanged", "conditional"] | None = None
    proxies: Mapping[str, str] | None = None


@dataclass(frozen=True, kw_only=True)
class Robustness(StudyObject):
    """How far the result depends on the days of decisions, the order of history and the choice of
    settings.

    Attributes
    ----------
    bootstrap :
        Repeats the study on resampled histories.
    cross_validation :
        Chooses among the backtests of `grid` on some parts of history and measures the choice on the
        others.
    start_dates :
        Whether the backtest is repeated with every decision moved by the same number of sessions: each
        offset of the schedule up to the next decision, at most 63 of them, evenly spread. The dispersion of
        their results is rebalance timing luck.

        Default: `false`.
    stress :
        Episodes and shocks that each decision's portfolio is held through.
    """

    bootstrap: Bootstrap | Mapping[str, Any] | None = None
    cross_validation: CrossValidation | Mapping[str, Any] | None = None
    start_dates: bool | None = None
    stress: Sequence[Stress | Mapping[str, Any]] | None = None
