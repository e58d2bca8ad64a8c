"""The least conditional drawdown at risk."""

from __future__ import annotations

from typing import Any

from ._assets import scenarios
from ._solver import Portfolio, Solver, solved


def min_cdar(returns: Any, *, confidence: float = 0.95, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least conditional drawdown at risk: Chekhlov, Uryasev and Zabarankin (2005).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> wf.optimize.min_cdar(returns, confidence=0.75).status
    'optimal'

    """
    values, assets = scenarios(returns)
    return solved("minimum_cdar", assets, {"returns": values}, {"confidence": confidence}, solver, constraints)
