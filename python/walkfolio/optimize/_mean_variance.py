"""Return less variance."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def mean_variance(
    mu: Any, sigma: Any, *, risk_aversion: float = 1.0, solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return the portfolio that minimizes ``risk_aversion / 2 w' Sigma w - mu'w``: Markowitz (1952).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.mean_variance([0.1, 0.05], np.diag([0.04, 0.01]), risk_aversion=4).weights.round(6).tolist()
    [0.45, 0.55]

    """
    values, assets = covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    return solved("mean_variance", assets, arrays, {"risk_aversion": risk_aversion}, solver, constraints)
