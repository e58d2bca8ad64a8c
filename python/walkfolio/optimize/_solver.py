"""Solves a problem: its portfolio, with a proven bound."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _native
from ..errors import DataError
from ._assets import Assets, Floats
from ._constraints import problem_of


@dataclass(frozen=True)
class Portfolio:
    """Weights and how they were found.

    Attributes
    ----------
    weights : Series, dict or array
        By asset, in the library of the moments.
    objective, bound, gap : float or None
        The value, a proven bound on the best one, and their distance.
    status : str
        ``optimal``, or why the solver stopped before.
    solver : str
        Which solver: ``kernel`` or ``clarabel``.
    seconds : float
        What it took.
    note : str or None
        What should be known of it.

    """

    weights: Any
    objective: float | None
    bound: float | None
    gap: float | None
    status: str
    solver: str
    seconds: float
    note: str | None = None
    iterations: int = 0
    pivots: int = 0
    nodes: int = 0
    values: Floats = field(default_factory=lambda: np.empty(0), repr=False)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Floats:
        return np.array(self.values, dtype=dtype)


class Solver:
    """Solves problems one after the other, each from the last answer: for loops over time or parameters.

    Parameters
    ----------
    solver : str
        ``auto``, ``kernel`` or ``clarabel``.
    nodes, seconds, gap : optional
        When a search over holdings stops without a proof.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> warm = wf.optimize.Solver()
    >>> sigma = np.diag([0.04, 0.01])
    >>> for scale in (1.0, 1.1):
    ...     found = wf.optimize.min_variance(sigma * scale, solver=warm)
    >>> found.weights.round(3).tolist(), found.pivots
    ([0.2, 0.8], 0)

    """

    def __init__(
        self,
        solver: str = "auto",
        *,
        nodes: int | None = None,
        seconds: float | None = None,
        gap: float | None = None,
    ) -> None:
        if solver not in ("auto", "kernel", "clarabel"):
            raise DataError(f"no solver {solver}", "one of: auto, kernel, clarabel")
        self._options = (solver, nodes, seconds, gap)
        self._native = _native.Solver(solver, nodes, seconds, gap)

    def __reduce__(self) -> tuple[Any, ...]:
        solver, nodes, seconds, gap = self._options
        return _solver, (solver, nodes, seconds, gap)


def _solver(solver: str, nodes: int | None, seconds: float | None, gap: float | None) -> Solver:
    return Solver(solver, nodes=nodes, seconds=seconds, gap=gap)


def arrays_of(assets: Assets, given: Mapping[str, Any], **arrays: Floats) -> dict[str, bytes]:
    if given.get("benchmark_weights") is not None:
        arrays["benchmark_weights"] = assets.vector(given["benchmark_weights"], "benchmark_weights")
    return {name: np.ascontiguousarray(values, dtype=np.float64).tobytes() for name, values in arrays.items()}


def with_returns(returns: Floats, given: Mapping[str, Any], **arrays: Floats) -> dict[str, Floats]:
    """Returns among the arrays of a problem; caps on risk are by their sample covariance, in units of a row."""
    arrays["returns"] = returns
    cap = next((name for name in ("volatility_cap", "tracking_error_cap") if given.get(name) is not None), None)
    if cap is not None:
        if len(returns) < 2:
            raise DataError(f"{cap} needs the covariance of the returns, of which there is one row", "give more rows")
        arrays["sigma"] = np.atleast_2d(np.cov(returns, rowvar=False, ddof=1))
    return arrays


def solved(
    objective: str,
    assets: Assets,
    arrays: Mapping[str, Floats],
    scalars: Mapping[str, float],
    solver: Solver | str,
    given: dict[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> Portfolio:
    warm = solver if isinstance(solver, Solver) else Solver(solver)
    content = arrays_of(assets, given, **arrays)
    problem = {**problem_of(objective, assets, scalars, dict(given)), **(extra or {})}
    try:
        text = json.dumps(problem)
    except TypeError as error:
        raise DataError(f"a constraint is not a number: {error}", None) from None
    return portfolio(assets, *warm._native.solve(text, content))


def portfolio(assets: Assets, values: bytes, report: str) -> Portfolio:
    weights = np.frombuffer(values, dtype=np.float64)
    return Portfolio(assets.weights(weights), values=weights, **json.loads(report))
