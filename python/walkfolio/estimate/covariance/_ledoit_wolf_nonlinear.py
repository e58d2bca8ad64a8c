"""Covariance by `ledoit_wolf_nonlinear`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def ledoit_wolf_nonlinear(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Nonlinear shrinkage of the eigenvalues, the analytical formula of Ledoit and Wolf.

    With the eigenvalues `l` of `Y'Y / N`, `N = T - 1`, `c = n / N`: each becomes `l_i / ((pi c l_i
    f_i)^2 + (1 - c - pi c l_i H_i)^2)`, `f` the density of the eigenvalues by the Epanechnikov kernel
    of bandwidth `N^(-1/3) l_j` and `H` its Hilbert transform. The window must have at least two rows
    more than there are assets.

    The closed form of `H` cancels far from an eigenvalue, by up to 1.5 % of the result where
    volatilities are far apart (as nonlinshrink does); a series takes its place there.

    Source: Ledoit & Wolf (2020), Analytical nonlinear shrinkage of large-dimensional covariance
    matrices, Annals of Statistics 48, equations 4.3 and 4.7 to 4.9.

    Parameters
    ----------
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("ledoit_wolf_nonlinear", settings, True, returns, options)
