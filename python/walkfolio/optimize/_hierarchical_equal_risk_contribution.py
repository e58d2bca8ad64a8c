"""Hierarchical equal risk contribution."""

from __future__ import annotations

from typing import Any

from ..errors import DataError
from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def herc(
    sigma: Any,
    *,
    linkage: str = "ward",
    clusters: int | None = None,
    solver: Solver | str = "auto",
    **constraints: Any,
) -> Portfolio:
    """Return the portfolio of hierarchical equal risk contribution: Raffinot (2018).

    Parameters
    ----------
    sigma : DataFrame or array
        The covariance.
    linkage : str
        ``single``, ``complete``, ``average`` or ``ward``.
    clusters : int, optional
        The number of clusters; the sharpest bend of the dispersion within them by default.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> sigma = np.array([[0.04, 0.0, 0.03], [0.0, 0.01, 0.0], [0.03, 0.0, 0.04]])
    >>> wf.optimize.herc(sigma, clusters=2).weights.round(6).tolist()
    [0.111111, 0.777778, 0.111111]

    """
    known = ("single", "complete", "average", "ward")
    if linkage not in known:
        raise DataError(f"no linkage {linkage}", f"one of: {', '.join(known)}")
    values, assets = covariance(sigma)
    extra = {"linkage": linkage, "clusters": clusters}
    kind = "hierarchical_equal_risk_contribution"
    return solved(kind, assets, {"sigma": values}, {}, solver, constraints, extra)
