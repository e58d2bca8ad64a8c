"""Return less volatility and variance."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def robust_mean_variance(
    mu: Any,
    sigma: Any,
    *,
    lambda_: float = 1.0,
    risk_aversion: float = 1.0,
    solver: Solver | str = "auto",
    **constraints: Any,
) -> Portfolio:
    """Return the portfolio of the best mean-variance utility in the worst case of an ellipsoid around the means.

    ``max mu'w - lambda sqrt(w' Sigma w) - risk_aversion / 2 w' Sigma w``.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.robust_mean_variance([0.1, 0.05], np.diag([0.04, 0.01])).status
    'optimal'

    """
    values, assets = covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    scalars = {"lambda": lambda_, "risk_aversion": risk_aversion}
    return solved("robust_mean_variance", assets, arrays, scalars, solver, constraints)
