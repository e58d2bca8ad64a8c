"""The least conditional drawdown at risk."""

from __future__ import annotations

from typing import Any

from ._assets import scenarios
from ._solver import Portfolio, Solver, solved, with_returns


def min_cdar(returns: Any, *, confidence: float = 0.95, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least conditional drawdown at risk: Chekhlov, Uryasev and Zabarankin (2005).

    Parameters
    ----------
    returns : DataFrame or array
        Returns, one row a period, in order.
    confidence : float
        0.95 takes the mean of the worst 5 % of the drawdowns.
    **constraints
        Those of a problem. ``volatility_cap`` and ``tracking_error_cap`` are by the sample covariance of ``returns``,
        in units of one row: 10 % a year is ``0.10 / 252 ** 0.5`` for daily returns.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> wf.optimize.min_cdar(returns, confidence=0.75).status
    'optimal'

    """
    values, assets = scenarios(returns)
    return solved(
        "minimum_cdar", assets, with_returns(values, constraints), {"confidence": confidence}, solver, constraints
    )
