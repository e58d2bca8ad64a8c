"""Expected returns by `ewma`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def ewma(
    returns: Any,
    *,
    half_life: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The mean return with weights that halve every `half_life` rows.

    `sum_t w_t x_t` times the periods of a year, the weights summing to 1 over the window.
    `PyPortfolioOpt` compounds it to a year unless told otherwise.

    Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5, for the weights.

    Parameters
    ----------
    half_life :
        Rows after which a return weighs half as much.

        Unit: periods.

        Default: `60.0`.
    window :
        Rows of the window.

        Default: `252`.
    """
    settings = {"half_life": half_life, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("ewma", settings, True, returns, options)
