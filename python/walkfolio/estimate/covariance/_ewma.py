"""Covariance by `ewma`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def ewma(
    returns: Any,
    *,
    half_life: float | None = None,
    mean: Literal["zero", "weighted", "weighted_unbiased"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Exponentially weighted returns (`RiskMetrics`).

    `Sigma = sum_t w_t x_t x_t'` with weights that halve every `half_life` rows and sum to 1 over the
    window, so that there is no start value.

    As skfolio; `PyPortfolioOpt` subtracts the equally weighted mean, and names the decay by its span
    (0.6 % to 40 % apart). pandas `ewm.cov()` and Riskfolio are `mean = "weighted_unbiased"`.

    Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5.

    Parameters
    ----------
    half_life :
        Rows after which a return weighs half as much.

        Unit: periods.

        Default: `60.0`.
    mean :
        The mean that is subtracted.

        Default: `"zero"`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"half_life": half_life, "mean": mean, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("ewma", settings, True, returns, options)
