"""Covariance by `pca`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def pca(
    returns: Any,
    *,
    factors: int | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The first principal components of the sample covariance as factors.

    `Sigma = V_k L_k V_k' + diag(S - V_k L_k V_k')` with the `k` largest eigenvalues of the sample
    covariance `S` (`ddof = 1`): variances are those of the sample, and what the components leave is
    uncorrelated. With as many factors as assets it is the sample covariance.

    Source: Connor & Korajczyk (1986), Performance measurement with the arbitrage pricing theory.

    Parameters
    ----------
    factors :
        Number of components.

        Unit: factors.

        Default: `3`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"factors": factors, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("pca", settings, True, returns, options)
