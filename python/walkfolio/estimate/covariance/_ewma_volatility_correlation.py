"""Covariance by `ewma_volatility_correlation`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def ewma_volatility_correlation(
    returns: Any,
    *,
    correlation_half_life: float | None = None,
    volatility_half_life: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Exponentially weighted volatilities with a slower correlation.

    `Sigma_ij = s_i s_j C_ij`: `s` from returns weighted with `volatility_half_life`, `C` the
    correlation of those weighted with `correlation_half_life`, neither with a mean subtracted.
    Volatilities change faster than correlations, and a correlation needs more rows.

    Source: J.P. Morgan/Reuters (1996), `RiskMetrics` technical document, ch. 5; two decays as in
    Menchero, Orr & Wang (2011), The Barra US Equity Model (USE4).

    Parameters
    ----------
    correlation_half_life :
        Rows after which a return weighs half as much in a correlation.

        Unit: periods.

        Default: `120.0`.
    volatility_half_life :
        Rows after which a return weighs half as much in a volatility.

        Unit: periods.

        Default: `20.0`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"correlation_half_life": correlation_half_life, "volatility_half_life": volatility_half_life, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("ewma_volatility_correlation", settings, True, returns, options)
