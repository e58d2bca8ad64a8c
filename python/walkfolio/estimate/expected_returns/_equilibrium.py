"""Expected returns by `equilibrium`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import _moments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...objects._base import StudyObject


def equilibrium(
    returns: Any,
    *,
    covariance: StudyObject | Mapping[str, Any] | None = None,
    implied_window: int | None = None,
    risk_aversion: float | None = None,
    risk_free: float | None = None,
    weights: Mapping[str, float] | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The expected returns with which a portfolio is optimal (reverse optimization).

    `pi = delta Sigma w + r_f`, `w` the market's weights and `delta` its risk aversion, 2.5 by default.
    skfolio takes 1.

    Sources: Sharpe (1974), Imputing expected security returns from portfolio composition; Black &
    Litterman (1992), Global portfolio optimization, Financial Analysts Journal 48.

    Parameters
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
    settings = {"covariance": covariance, "implied_window": implied_window, "risk_aversion": risk_aversion, "risk_free": risk_free, "weights": weights}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("equilibrium", settings, False, returns, options)
