"""Covariance by `factor_model`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def factor_model(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """`B Omega B' + D` from regressions on the factors.

    Parameters
    ----------
    window :
        Rows of the window.

        Example: `window = 40`
    """
    settings = {"window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("factor_model", settings, True, returns, options)
