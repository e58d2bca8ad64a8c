"""The largest Sharpe ratio."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def max_sharpe(
    mu: Any, sigma: Any, *, risk_free: float = 0.0, solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return the portfolio of the largest Sharpe ratio, ``(mu'w - risk_free) / sqrt(w' Sigma w)``.

    Parameters
    ----------
    mu : Series or array
        Expected returns.
    sigma : DataFrame or array
        The covariance, of the same unit of time.
    risk_free : float
        The risk-free rate, of the same unit of time.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.max_sharpe([0.08, 0.03], np.diag([0.04, 0.01])).weights.round(4).tolist()
    [0.4, 0.6]

    """
    values, assets = covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    return solved("maximum_sharpe", assets, arrays, {"risk_free": risk_free}, solver, constraints)
