"""Return less conditional value at risk."""

from __future__ import annotations

from typing import Any

from ._assets import scenarios
from ._solver import Portfolio, Solver, solved, with_returns


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

    Parameters
    ----------
    mu : Series or array
        Expected returns, of one row as ``returns`` are.
    returns : DataFrame or array
        Scenarios, each as likely as any other.
    risk_aversion : float
        What a unit of the conditional value at risk costs.
    confidence : float
        0.95 takes the mean of the worst 5 % of the losses.
    **constraints
        Those of a problem. ``volatility_cap`` and ``tracking_error_cap`` are by the sample covariance of ``returns``,
        in units of one row: 10 % a year is ``0.10 / 252 ** 0.5`` for daily returns.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> wf.optimize.mean_cvar(returns.mean(axis=0), returns, confidence=0.75).status
    'optimal'

    """
    values, assets = scenarios(returns)
    arrays = with_returns(values, constraints, mu=assets.vector(mu, "mu"))
    scalars = {"confidence": confidence, "risk_aversion": risk_aversion}
    return solved("mean_cvar", assets, arrays, scalars, solver, constraints)
