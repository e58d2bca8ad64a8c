"""Return less conditional value at risk."""

from __future__ import annotations

from typing import Any

from ._assets import scenarios
from ._solver import Portfolio, Solver, solved


def mean_cvar(
    mu: Any,
    returns: Any,
    *,
    risk_aversion: float = 1.0,
    confidence: float = 0.95,
    solver: Solver | str = "auto",
    **constraints: Any,
) -> Portfolio:
    """Return the portfolio of the largest ``mu'w - risk_aversion CVaR(w)``.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> wf.optimize.mean_cvar(returns.mean(axis=0), returns, confidence=0.75).status
    'optimal'

    """
    values, assets = scenarios(returns)
    arrays = {"mu": assets.vector(mu, "mu"), "returns": values}
    scalars = {"confidence": confidence, "risk_aversion": risk_aversion}
    return solved("mean_cvar", assets, arrays, scalars, solver, constraints)
