"""Tables within `expected_returns`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class ModelViews(StudyObject):
    """A model whose expected returns are views: one of each asset alone.

    Attributes
    ----------
    confidence :
        How certain each of its views is: 1 holds exactly, 0 is no view.

        Unit: share.

        Example: `confidence = 0.2`
    of :
        The model, with the keys of `[estimate.expected_returns]`.
    """

    confidence: float
    of: StudyObject | Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ExpectedReturnsPrior(StudyObject):
    """The equilibrium that views tilt.

    Attributes
    ----------
    covariance :
        The covariance `Sigma`; that of `[estimate]` by default.

        Example: `covariance = { kind = "sample", window = 252 }`
    implied_window :
        Rows of Mkt-RF whose mean over variance is the risk aversion instead; an error where it is negative.

        Unit: periods.

        Example: `implied_window = 1260`
    risk_aversion :
        The risk aversion `delta` of the market; 2.5 by default.

        Unit: return per unit of variance.

        Example: `risk_aversion = 2.5`
    risk_free :
        Added to each: 0 leaves returns above the risk-free rate.

        Unit: fraction per year.

        Default: `0.0`.
    weights :
        Weights of the market portfolio by asset, in any unit; an asset that is not named has 0.

        Equal weights if none is named.

        Example: `weights = { XLK = 0.28, XLF = 0.13 }`
    """

    covariance: StudyObject | Mapping[str, Any] | None = None
    implied_window: int | None = None
    risk_aversion: float | None = None
    risk_free: float | None = None
    weights: Mapping[str, float] | None = None


@dataclass(frozen=True, kw_only=True)
class View(StudyObject):
    """What is expected of a combination of assets.

    Attributes
    ----------
    assets :
        The assets with their weights: one of 1 is an absolute view, 1 and -1 are a relative one.

        Example: `assets = { XLK = 1.0, XLF = -1.0 }`
    from_ :
        The day from which on it is known.

        Example: `from = 2020-01-02`
    return_ :
        The expected return of the combination.

        Unit: fraction per year.

        Example: `return = 0.02`
    confidence :
        How certain it is: 1 holds exactly, 0 is no view.

        Unit: share.

        Default: `0.5`.
    until :
        The last day on which it is held.

        Example: `until = 2020-12-31`
    """

    assets: Mapping[str, float]
    from_: str | datetime.date
    return_: float
    confidence: float | None = None
    until: str | datetime.date | None = None


@dataclass(frozen=True, kw_only=True)
class ExpectedReturnsBlend(StudyObject):
    """A model of a blend.

    Attributes
    ----------
    of :
        The model, with the keys of `[estimate.expected_returns]`.
    weight :
        Its weight.

        Unit: share.

        Example: `weight = 0.5`
    """

    of: StudyObject | Mapping[str, Any]
    weight: float
