"""Equal shares of the risk, or budgets of it."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def risk_parity(sigma: Any, *, budgets: Any = None, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio whose assets have shares of its risk in proportion to budgets, equal ones by default.

    Parameters
    ----------
    sigma : DataFrame or array
        The covariance.
    budgets : Series, dict or array, optional
        At least 0; those that a dict does not name are 0.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.risk_parity(np.diag([0.04, 0.01])).weights.round(6).tolist()
    [0.333333, 0.666667]

    """
    values, assets = covariance(sigma)
    extra = {} if budgets is None else {"budgets": assets.vector(budgets, "budgets").tolist()}
    return solved("risk_parity", assets, {"sigma": values}, {}, solver, constraints, extra)
