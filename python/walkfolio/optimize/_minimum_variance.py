"""The least variance."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def min_variance(sigma: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least variance, ``min w' Sigma w``.

    Parameters
    ----------
    sigma : DataFrame or array
        The covariance of the assets' returns.
    solver : Solver or str
        A warm `Solver`, or which one.
    **constraints
        See `walkfolio.optimize`.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.min_variance(np.diag([0.04, 0.01])).weights.round(6).tolist()
    [0.2, 0.8]

    """
    values, assets = covariance(sigma)
    return solved("minimum_variance", assets, {"sigma": values}, {}, solver, constraints)
