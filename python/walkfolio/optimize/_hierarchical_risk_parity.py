"""Hierarchical risk parity."""

from __future__ import annotations

from typing import Any

from ..errors import DataError
from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def hrp(
    sigma: Any,
    *,
    linkage: str = "single",
    distance: str = "correlation",
    solver: Solver | str = "auto",
    **constraints: Any,
) -> Portfolio:
    """Return the portfolio of hierarchical risk parity: Lopez de Prado (2016).

    Parameters
    ----------
    sigma : DataFrame or array
        The covariance.
    linkage : str
        ``single``, ``complete``, ``average`` or ``ward``.
    distance : str
        ``correlation``, or ``distance_of_distances`` as in the paper's own program.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.hrp(np.diag([0.04, 0.01])).weights.round(6).tolist()
    [0.2, 0.8]

    """
    for name, value, known in (
        ("linkage", linkage, ("single", "complete", "average", "ward")),
        ("distance", distance, ("correlation", "distance_of_distances")),
    ):
        if value not in known:
            raise DataError(f"no {name} {value}", f"one of: {', '.join(known)}")
    values, assets = covariance(sigma)
    kind = "hierarchical_risk_parity" + ("" if distance == "correlation" else "_of_distances")
    return solved(kind, assets, {"sigma": values}, {}, solver, constraints, {"linkage": linkage})
