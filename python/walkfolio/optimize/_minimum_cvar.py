"""The least conditional value at risk."""

from __future__ import annotations

from typing import Any

from ._assets import scenarios
from ._solver import Portfolio, Solver, solved


def min_cvar(returns: Any, *, confidence: float = 0.95, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least conditional value at risk: Rockafellar and Uryasev (2000).

    Parameters
    ----------
    returns : DataFrame or array
        Scenarios, each as likely as any other.
    confidence : float
        0.95 takes the mean of the worst 5 % of the losses.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> found = wf.optimize.min_cvar(returns, confidence=0.75)
    >>> bool(abs(found.objective + (returns @ found.values).min()) < 1e-8)
    True

    """
    values, assets = scenarios(returns)
    return solved("minimum_cvar", assets, {"returns": values}, {"confidence": confidence}, solver, constraints)
