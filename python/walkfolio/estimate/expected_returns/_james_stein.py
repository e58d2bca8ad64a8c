"""Expected returns by `james_stein`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import _moments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...objects._base import StudyObject


def james_stein(
    returns: Any,
    *,
    covariance: StudyObject | Mapping[str, Any] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means shrunk towards their common mean (James-Stein), with any covariance.

    `(1 - a) m + a t`, `t` the mean of the means `m` of the window, `a = min(1, (n - 2) / (T d'S^-1
    d))`, `d = m - t`. Fewer than three assets are not shrunk. The sample covariance needs at least two
    rows more than assets.

    "James-Stein" of skfolio and Riskfolio is `(tr S - 2 l_max) / (T |d|^2)` of Meucci (2005), not
    limited to 1: up to 28 times the largest mean apart.

    Sources: James & Stein (1961), Estimation with quadratic loss; Jorion (1986), Bayes-Stein estimation
    for portfolio analysis, Journal of Financial and Quantitative Analysis 21.

    Parameters
    ----------
    covariance :
        The covariance `S`, as in `[estimate.covariance]`; the sample covariance of the window by default.

        Example: `covariance = { kind = "ledoit_wolf", window = 252 }`
    window :
        Rows of the window.

        Default: `252`.
    """
    settings = {"covariance": covariance, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("james_stein", settings, True, returns, options)
