"""The same weight for each asset."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def equal_weight(sigma: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return equal weights, where the constraints allow them; ``sigma`` names the assets.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.equal_weight(np.eye(4)).weights.tolist()
    [0.25, 0.25, 0.25, 0.25]

    """
    _, assets = covariance(sigma)
    return solved("equal_weight", assets, {}, {}, solver, constraints)
