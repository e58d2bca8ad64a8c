"""Return less volatility."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def max_utility(
    mu: Any, sigma: Any, *, lambda_: float = 1.0, solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return the portfolio of the largest ``mu'w - lambda sqrt(w' Sigma w)``.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> found = wf.optimize.max_utility([0.1, 0.05], np.diag([0.04, 0.01]), lambda_=1.0)
    >>> found.status
    'optimal'

    """
    values, assets = covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    return solved("robust_utility", assets, arrays, {"lambda": lambda_}, solver, constraints)
