"""Covariance by `denoised`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def denoised(
    returns: Any,
    *,
    noise_variance: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The sample correlation without the eigenvalues that noise explains (Marchenko-Pastur).

    Eigenvalues of the correlation above `noise_variance (1 + sqrt(n/T))^2` stay, the others become
    their mean; the result is rescaled to a unit diagonal and multiplied by the sample standard
    deviations (`ddof = 1`). Where all are noise, no correlation is left.

    The book, skfolio and Riskfolio fit the variance of the noise to a smoothed density; in 8 of 9 real
    and made-up windows their fit ends at its upper limit, which is the default here, and the same
    eigenvalues stay in all 9.

    Source: Lopez de Prado (2020), Machine Learning for Asset Managers, ch. 2 (constant residual
    eigenvalue); Marchenko & Pastur (1967).

    Parameters
    ----------
    noise_variance :
        The variance of the noise.

        Unit: share of all variance.

        Default: `1.0`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"noise_variance": noise_variance, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("denoised", settings, True, returns, options)
