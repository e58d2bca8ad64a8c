"""The largest information ratio."""

from __future__ import annotations

from typing import Any

from ._assets import covariance
from ._solver import Portfolio, Solver, solved


def information_ratio(
    mu: Any,
    sigma: Any,
    benchmark_weights: Any,
    *,
    tev_floor: float = 0.0,
    lambda_: float = 0.0,
    solver: Solver | str = "auto",
    **constraints: Any,
) -> Portfolio:
    """Return the portfolio of the largest ``mu'w / max(TEV(w), tev_floor) - lambda sqrt(w' Sigma w)``, with a proof.

    Parameters
    ----------
    mu : Series or array
        Expected returns, or those above the benchmark's.
    sigma : DataFrame or array
        The covariance.
    benchmark_weights : Series, dict or array
        The benchmark as weights of the assets.
    tev_floor : float
        Tracking errors below it count as it.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> sigma = np.diag([0.04, 0.01, 0.02])
    >>> found = wf.optimize.information_ratio([0.1, 0.05, 0.06], sigma, [1, 0, 0], tev_floor=0.02)
    >>> found.bound - found.objective < 2e-6
    True

    """
    values, assets = covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    given = {**constraints, "benchmark_weights": benchmark_weights}
    scalars = {"tev_floor": tev_floor, "lambda": lambda_}
    return solved("information_ratio", assets, arrays, scalars, solver, given)
