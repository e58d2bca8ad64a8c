"""Covariance by `detoned`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def detoned(
    returns: Any,
    *,
    noise_variance: float | None = None,
    of: Literal["denoised", "sample"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """A correlation without its first principal component, the market.

    `C - l_1 v_1 v_1'`, rescaled to a unit diagonal and multiplied by the sample standard deviations
    (`ddof = 1`). It is singular: made to compare and group assets, it says that a portfolio along the
    market has no risk. Riskfolio does not rescale the diagonal.

    Source: Lopez de Prado (2020), Machine Learning for Asset Managers, ch. 2.6.

    Parameters
    ----------
    noise_variance :
        The variance of the noise, where the correlation is denoised first.

        Unit: share of all variance.

        Default: `1.0`.
    of :
        What the component is taken from.

        Default: `"denoised"`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"noise_variance": noise_variance, "of": of, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("detoned", settings, True, returns, options)
