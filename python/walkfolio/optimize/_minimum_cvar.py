"""The least conditional value at risk."""

from __future__ import annotations

from typing import Any

from ._assets import scenarios
from ._solver import Portfolio, Solver, solved, with_returns


def min_cvar(returns: Any, *, confidence: float = 0.95, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least conditional value at risk: Rockafellar and Uryasev (2000).

    Parameters
    ----------
    returns : DataFrame or array
        Scenarios, each as likely as any other.
    confidence : float
        0.95 takes the mean of the worst 5 % of the losses.
    **constraints
        Those of a problem. ``volatility_cap`` and ``tracking_error_cap`` are by the sample covariance of ``returns``,
        in units of one row: 10 % a year is ``0.10 / 252 ** 0.5`` for daily returns.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> found = wf.optimize.min_cvar(returns, confidence=0.75)
    >>> bool(abs(found.objective + (returns @ found.values).min()) < 1e-8)
    True

    """
    values, assets = scenarios(returns)
    return solved(
        "minimum_cvar", assets, with_returns(values, constraints), {"confidence": confidence}, solver, constraints
    )
