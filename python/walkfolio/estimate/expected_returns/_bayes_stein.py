"""Expected returns by `bayes_stein`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import _moments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...objects._base import StudyObject


def bayes_stein(
    returns: Any,
    *,
    covariance: StudyObject | Mapping[str, Any] | None = None,
    posterior_covariance: bool | None = None,
    scale_covariance: bool | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means shrunk towards that of the minimum-variance portfolio (Bayes-Stein, Jorion).

    `(1 - a) m + a g` with `g = 1'S^-1 m / 1'S^-1 1`, `a = (n + 2) / (n + 2 + T d'S_J^-1 d)`, `d = m -
    g` and `S_J = S (T - 1) / (T - n - 2)`: the window needs at least three rows more than assets.

    skfolio (`vol_weighted_target=True`) and Riskfolio (`target="b2"`) leave `S` as it is:
    `scale_covariance = false`; the default target of both is another one.

    Source: Jorion (1986), Bayes-Stein estimation for portfolio analysis, Journal of Financial and
    Quantitative Analysis 21.

    Parameters
    ----------
    covariance :
        The covariance `S`, as in `[estimate.covariance]`; the sample covariance of the window by default.

        Example: `covariance = { kind = "ledoit_wolf", window = 252 }`
    posterior_covariance :
        Whether the covariance that belongs to these means takes the place of `[estimate.covariance]`: `S_J
        (1 + 1/(T + v)) + v / (T (T + 1 + v)) 11' / (1'S_J^-1 1)`, `v = (n + 2) / (d'S_J^-1 d)`.

        Default: `false`.
    scale_covariance :
        Whether `S` is multiplied by `(T - 1) / (T - n - 2)`, as published.

        Default: `true`.
    window :
        Rows of the window.

        Default: `252`.
    """
    settings = {"covariance": covariance, "posterior_covariance": posterior_covariance, "scale_covariance": scale_covariance, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("bayes_stein", settings, True, returns, options)
