"""Expected returns by `capm`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def capm(
    returns: Any,
    *,
    premium: float | None = None,
    risk_free: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The capital asset pricing model: `r_f + beta (E[r_M] - r_f)`.

    The betas are those of the window, against the market of the factors, `Mkt-RF + RF`.

    Source: Sharpe (1964), Capital asset prices, Journal of Finance 19.

    Parameters
    ----------
    premium :
        The expected return of the market above the risk-free rate; the mean of Mkt-RF over the window by
        default.

        Unit: fraction per year.

        Example: `premium = 0.05`
    risk_free :
        The risk-free rate; the mean of RF over the window by default.

        Unit: fraction per year.

        Example: `risk_free = 0.02`
    window :
        Rows of the window.

        Default: `252`.
    """
    settings = {"premium": premium, "risk_free": risk_free, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("capm", settings, True, returns, options)
