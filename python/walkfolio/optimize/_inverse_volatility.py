"""The inverse of each volatility."""

from __future__ import annotations

from typing import Any

from ..errors import DataError
from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def inverse_volatility(
    sigma: Any, *, of: str = "volatility", solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return weights in proportion to 1 / volatility, or with ``of="variance"`` to 1 / variance.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.inverse_volatility(np.diag([0.04, 0.01])).weights.round(6).tolist()
    [0.333333, 0.666667]

    """
    if of not in ("volatility", "variance"):
        raise DataError(f"no inverse of {of}", "volatility or variance")
    values, assets = covariance(sigma)
    return solved(f"inverse_{of}", assets, {"sigma": values}, {}, solver, constraints)
