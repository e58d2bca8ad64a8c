"""The largest diversification ratio."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def max_diversification(sigma: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the largest diversification ratio: Choueifaty and Coignard (2008).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.max_diversification(np.diag([0.04, 0.01])).weights.round(4).tolist()
    [0.3333, 0.6667]

    """
    values, assets = covariance(sigma)
    return solved("maximum_diversification", assets, {"sigma": values}, {}, solver, constraints)
