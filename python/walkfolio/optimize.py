"""One optimization problem: moments or returns to weights, with a proven bound.

Every function takes the constraints of a study by the same names; see `Constraints of a problem` below. Moments may
be arrays or frames: weights come back as a Series where the moments are pandas, with the names of their assets.

**Constraints of a problem**

``bounds``
    ``(min, max)`` for all assets, or a dict of pairs by name; (0, 1) by default.
``net_leverage``
    What the weights sum to, or a pair; 1 by default.
``groups``
    ``{"tech": (["XLK", "SMH"], 0.0, 0.4)}``: minimum and maximum of the sum of some weights; ``None`` is no limit.
``beta``
    ``(betas, min, max)``.
``factor_exposure``
    ``{"SMB": (loadings, min, max)}``.
``gross_leverage``
    The largest sum of absolute weights.
``turnover``
    The most that may be traded from ``holdings``, half the sum of absolute changes.
``volatility_cap``, ``tracking_error_cap``
    The largest volatility, and tracking error from ``benchmark_weights``, by ``sigma`` and in its unit.
``max_holdings``, ``min_holdings``, ``min_weight``
    Exact, by branch and bound: each weight is 0 or at least ``min_weight``.
``l1_penalty``, ``l2_penalty``, ``trading_costs``
    In the objective; costs are paid for each unit of the change from ``holdings``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from . import _frames, _native
from .errors import DataError

__all__ = [
    "Frontier",
    "Portfolio",
    "Solver",
    "equal_weight",
    "frontier",
    "hrp",
    "information_ratio",
    "inverse_volatility",
    "max_diversification",
    "max_sharpe",
    "max_utility",
    "mean_cvar",
    "mean_variance",
    "min_cdar",
    "min_cvar",
    "min_variance",
    "risk_parity",
    "robust_mean_variance",
    "track",
]

Floats = _frames.Floats


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


@dataclass(frozen=True)
class _Assets:
    """The names of the assets, where they have some, and the library that they came in."""

    names: list[str] | None
    library: str
    count: int

    def position(self, name: Any) -> int:
        if isinstance(name, (int, np.integer)) and not isinstance(name, bool):
            if not 0 <= int(name) < self.count:
                raise DataError(f"there is no asset {name}", f"assets are 0 to {self.count - 1}")
            return int(name)
        if self.names is None or str(name) not in self.names:
            known = ", ".join(self.names[:12]) if self.names else "give moments as a DataFrame"
            raise DataError(f"{name} is not one of the assets", f"one of: {known}" if self.names else known)
        return self.names.index(str(name))

    def weights(self, values: Floats) -> Any:
        if self.library == "pandas":
            import pandas

            return pandas.Series(values, index=self.names, name="weight")
        return values if self.names is None else dict(zip(self.names, values.tolist(), strict=True))

    def vector(self, values: Any, what: str) -> Floats:
        """One number for each asset, by name where it has names."""
        if isinstance(values, Mapping):
            found = np.zeros(self.count)
            for name, value in values.items():
                found[self.position(name)] = value
            return found
        if self.names is not None and hasattr(values, "index") and hasattr(values, "reindex"):
            own = [str(name) for name in values.index]
            if sorted(own) != sorted(self.names):
                missing = [name for name in self.names if name not in own]
                raise DataError(
                    f"{what} has another index than the assets: {missing[:5] or own[:5]}",
                    "use the same names",
                )
            values = values.to_numpy()[[own.index(name) for name in self.names]]
        found = _frames.numbers(values, what)
        if found.shape != (self.count,):
            raise DataError(f"{what} has shape {found.shape}, there are {self.count} assets", None)
        return _finite(found, what)


def _finite(values: Floats, what: str) -> Floats:
    if not np.isfinite(values).all():
        count = int((~np.isfinite(values)).sum())
        raise DataError(f"{what} has {count} values that are missing or not finite", "drop or fill them")
    return values


def _names(data: Any) -> list[str] | None:
    if hasattr(data, "columns") and not callable(data.columns):
        return [str(name) for name in data.columns if str(name).lower() not in _frames._DATE_NAMES]
    index = getattr(data, "index", None)
    if index is not None and hasattr(index, "dtype") and not callable(index):
        return [str(name) for name in index]
    return None


def _matrix(data: Any, what: str) -> tuple[Floats, list[str] | None]:
    names = _names(data)
    if _frames.library(data) == "polars":
        data = data.select(names)
    values = _frames.numbers(data, what)
    if values.ndim != 2 or 0 in values.shape:
        raise DataError(f"{what} has shape {values.shape}, not a row and a column for each asset", "give a matrix")
    return _finite(np.ascontiguousarray(values), what), names


def _covariance(sigma: Any) -> tuple[Floats, _Assets]:
    values, names = _matrix(sigma, "sigma")
    if values.shape[0] != values.shape[1]:
        raise DataError(f"sigma has shape {values.shape}: a covariance is square", None)
    index = getattr(sigma, "index", None)
    if names is not None and index is not None and [str(name) for name in index] != names:
        raise DataError("sigma has other names in its rows than in its columns", "give both the same order")
    return values, _Assets(names, _frames.library(sigma), len(values))


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


# The names of constraints and what makes each of a problem; `walkfolio.optimize` has them all.
CONSTRAINTS = (
    "bounds",
    "bounds_by_asset",
    "net_leverage",
    "groups",
    "beta",
    "factor_exposure",
    "gross_leverage",
    "turnover",
    "volatility_cap",
    "tracking_error_cap",
    "max_holdings",
    "min_holdings",
    "min_weight",
    "l1_penalty",
    "l2_penalty",
    "trading_costs",
)


def _limits(value: Any, what: str) -> tuple[float | None, float | None]:
    if isinstance(value, (int, float)):
        return float(value), float(value)
    try:
        low, high = value
    except (TypeError, ValueError):
        raise DataError(f"{what} is {value!r}, not a pair of a minimum and a maximum", None) from None
    return (None if low is None else float(low)), (None if high is None else float(high))


def _range(name: str, value: Any, assets: _Assets) -> dict[str, Any]:
    try:
        values, low, high = value
    except (TypeError, ValueError):
        raise DataError(f"{name} is {value!r}, not (values, min, max)", None) from None
    return {"name": name, "values": assets.vector(values, name).tolist(), "min": low, "max": high}


def _bounds(given: Any, assets: _Assets, by_asset: Any = None) -> tuple[list[float], list[float]]:
    low, high = np.zeros(assets.count), np.ones(assets.count)
    single = {} if by_asset is None else dict(by_asset)
    if isinstance(given, Mapping):
        single = {**given, **single}
    elif given is not None:
        first, second = _pair(given)
        low[:] = first if np.isscalar(first) else assets.vector(first, "the minimum weights")
        high[:] = second if np.isscalar(second) else assets.vector(second, "the maximum weights")
    for name, pair in single.items():
        least, most = _limits(pair, f"the bounds of {name}")
        at = assets.position(name)
        low[at] = low[at] if least is None else least
        high[at] = high[at] if most is None else most
    return low.tolist(), high.tolist()


def _pair(given: Any) -> tuple[Any, Any]:
    try:
        first, second = given
    except (TypeError, ValueError):
        raise DataError(f"bounds are {given!r}, not a pair of a minimum and a maximum", None) from None
    return first, second


def _groups(groups: Mapping[str, Any], assets: _Assets) -> list[dict[str, Any]]:
    made = []
    for name, value in groups.items():
        if isinstance(value, Mapping):
            value = (value["assets"], value.get("min"), value.get("max"))
        try:
            members, low, high = value
        except (TypeError, ValueError):
            raise DataError(f"group {name} is {value!r}, not (assets, min, max)", None) from None
        made.append({"name": name, "assets": [assets.position(each) for each in members], "min": low, "max": high})
    return made


def _problem(objective: str, assets: _Assets, scalars: Mapping[str, float], given: dict[str, Any]) -> dict[str, Any]:
    unknown = next((name for name in given if name not in (*CONSTRAINTS, "holdings", "benchmark_weights")), None)
    if unknown is not None:
        import difflib

        near = difflib.get_close_matches(unknown, CONSTRAINTS, 1)
        hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(CONSTRAINTS)}"
        raise DataError(f"no constraint {unknown}", hint)
    given = {name: value for name, value in given.items() if value is not None}
    low, high = _bounds(given.pop("bounds", None), assets, given.pop("bounds_by_asset", None))
    net = _limits(given.pop("net_leverage", 1.0), "net_leverage")
    problem: dict[str, Any] = {
        "objective": objective,
        "with": dict(scalars),
        "min": low,
        "max": high,
        "net": net,
    }
    if None in net:
        raise DataError("net_leverage needs both ends", "such as (0.5, 1.0)")
    if "groups" in given:
        problem["groups"] = _groups(given.pop("groups"), assets)
    if "beta" in given:
        problem["beta"] = _range("beta", given.pop("beta"), assets)
    if "factor_exposure" in given:
        problem["exposures"] = [_range(name, value, assets) for name, value in given.pop("factor_exposure").items()]
    if "holdings" in given:
        problem["holdings"] = assets.vector(given.pop("holdings"), "holdings").tolist()
    if "trading_costs" in given:
        costs = given.pop("trading_costs")
        one = isinstance(costs, (int, float))
        problem["costs"] = [float(costs)] * assets.count if one else assets.vector(costs, "trading_costs").tolist()
    if "min_weight" in given:
        problem["min_position"] = float(given.pop("min_weight"))
    given.pop("benchmark_weights", None)
    problem.update(given)
    return problem


def _arrays(assets: _Assets, given: Mapping[str, Any], **arrays: Floats) -> dict[str, bytes]:
    if given.get("benchmark_weights") is not None:
        arrays["benchmark_weights"] = assets.vector(given["benchmark_weights"], "benchmark_weights")
    return {name: np.ascontiguousarray(values, dtype=np.float64).tobytes() for name, values in arrays.items()}


def _solved(
    objective: str,
    assets: _Assets,
    arrays: Mapping[str, Floats],
    scalars: Mapping[str, float],
    solver: Solver | str,
    given: dict[str, Any],
    extra: Mapping[str, Any] | None = None,
) -> Portfolio:
    warm = solver if isinstance(solver, Solver) else Solver(solver)
    content = _arrays(assets, given, **arrays)
    problem = {**_problem(objective, assets, scalars, dict(given)), **(extra or {})}
    try:
        text = json.dumps(problem)
    except TypeError as error:
        raise DataError(f"a constraint is not a number: {error}", None) from None
    return _portfolio(assets, *warm._native.solve(text, content))


def _portfolio(assets: _Assets, values: bytes, report: str) -> Portfolio:
    weights = np.frombuffer(values, dtype=np.float64)
    return Portfolio(assets.weights(weights), values=weights, **json.loads(report))


def min_variance(sigma: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least variance, ``min w' Sigma w``.

    Parameters
    ----------
    sigma : DataFrame or array
        The covariance of the assets' returns.
    solver : Solver or str
        A warm `Solver`, or which one.
    **constraints
        See `walkfolio.optimize`.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.min_variance(np.diag([0.04, 0.01])).weights.round(6).tolist()
    [0.2, 0.8]

    """
    values, assets = _covariance(sigma)
    return _solved("minimum_variance", assets, {"sigma": values}, {}, solver, constraints)


def mean_variance(
    mu: Any, sigma: Any, *, risk_aversion: float = 1.0, solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return the portfolio that minimizes ``risk_aversion / 2 w' Sigma w - mu'w``: Markowitz (1952).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.mean_variance([0.1, 0.05], np.diag([0.04, 0.01]), risk_aversion=4).weights.round(6).tolist()
    [0.45, 0.55]

    """
    values, assets = _covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    return _solved("mean_variance", assets, arrays, {"risk_aversion": risk_aversion}, solver, constraints)


def max_utility(
    mu: Any, sigma: Any, *, lambda_: float = 1.0, solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return the portfolio of the largest ``mu'w - lambda sqrt(w' Sigma w)``.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> found = wf.optimize.max_utility([0.1, 0.05], np.diag([0.04, 0.01]), lambda_=1.0)
    >>> found.status
    'optimal'

    """
    values, assets = _covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    return _solved("robust_utility", assets, arrays, {"lambda": lambda_}, solver, constraints)


def max_sharpe(
    mu: Any, sigma: Any, *, risk_free: float = 0.0, solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return the portfolio of the largest Sharpe ratio, ``(mu'w - risk_free) / sqrt(w' Sigma w)``.

    Parameters
    ----------
    mu : Series or array
        Expected returns.
    sigma : DataFrame or array
        The covariance, of the same unit of time.
    risk_free : float
        The risk-free rate, of the same unit of time.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.max_sharpe([0.08, 0.03], np.diag([0.04, 0.01])).weights.round(4).tolist()
    [0.4, 0.6]

    """
    values, assets = _covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    return _solved("maximum_sharpe", assets, arrays, {"risk_free": risk_free}, solver, constraints)


def robust_mean_variance(
    mu: Any,
    sigma: Any,
    *,
    lambda_: float = 1.0,
    risk_aversion: float = 1.0,
    solver: Solver | str = "auto",
    **constraints: Any,
) -> Portfolio:
    """Return the portfolio of the best mean-variance utility in the worst case of an ellipsoid around the means.

    ``max mu'w - lambda sqrt(w' Sigma w) - risk_aversion / 2 w' Sigma w``.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.robust_mean_variance([0.1, 0.05], np.diag([0.04, 0.01])).status
    'optimal'

    """
    values, assets = _covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    scalars = {"lambda": lambda_, "risk_aversion": risk_aversion}
    return _solved("robust_mean_variance", assets, arrays, scalars, solver, constraints)


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
    values, assets = _covariance(sigma)
    extra = {} if budgets is None else {"budgets": assets.vector(budgets, "budgets").tolist()}
    return _solved("risk_parity", assets, {"sigma": values}, {}, solver, constraints, extra)


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
    values, assets = _covariance(sigma)
    kind = "hierarchical_risk_parity" + ("" if distance == "correlation" else "_of_distances")
    return _solved(kind, assets, {"sigma": values}, {}, solver, constraints, {"linkage": linkage})


def inverse_volatility(
    sigma: Any, *, of: str = "volatility", solver: Solver | str = "auto", **constraints: Any
) -> Portfolio:
    """Return weights in proportion to 1 / volatility, or with ``of="variance"`` to 1 / variance.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.inverse_volatility(np.diag([0.04, 0.01])).weights.round(6).tolist()
    [0.333333, 0.666667]

    """
    if of not in ("volatility", "variance"):
        raise DataError(f"no inverse of {of}", "volatility or variance")
    values, assets = _covariance(sigma)
    return _solved(f"inverse_{of}", assets, {"sigma": values}, {}, solver, constraints)


def equal_weight(sigma: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return equal weights, where the constraints allow them; ``sigma`` names the assets.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.equal_weight(np.eye(4)).weights.tolist()
    [0.25, 0.25, 0.25, 0.25]

    """
    _, assets = _covariance(sigma)
    return _solved("equal_weight", assets, {}, {}, solver, constraints)


def _scenarios(returns: Any) -> tuple[Floats, _Assets]:
    values, names = _matrix(returns, "returns")
    return values, _Assets(names, _frames.library(returns), values.shape[1])


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
    values, assets = _scenarios(returns)
    return _solved("minimum_cvar", assets, {"returns": values}, {"confidence": confidence}, solver, constraints)


def min_cdar(returns: Any, *, confidence: float = 0.95, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the least conditional drawdown at risk: Chekhlov, Uryasev and Zabarankin (2005).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, -0.04], [0.02, 0.03], [-0.02, 0.02], [0.01, 0.01]])
    >>> wf.optimize.min_cdar(returns, confidence=0.75).status
    'optimal'

    """
    values, assets = _scenarios(returns)
    return _solved("minimum_cdar", assets, {"returns": values}, {"confidence": confidence}, solver, constraints)


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
    values, assets = _scenarios(returns)
    arrays = {"mu": assets.vector(mu, "mu"), "returns": values}
    scalars = {"confidence": confidence, "risk_aversion": risk_aversion}
    return _solved("mean_cvar", assets, arrays, scalars, solver, constraints)


def max_diversification(sigma: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio of the largest diversification ratio: Choueifaty and Coignard (2008).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> wf.optimize.max_diversification(np.diag([0.04, 0.01])).weights.round(4).tolist()
    [0.3333, 0.6667]

    """
    values, assets = _covariance(sigma)
    return _solved("maximum_diversification", assets, {"sigma": values}, {}, solver, constraints)


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
    values, assets = _covariance(sigma)
    arrays = {"mu": assets.vector(mu, "mu"), "sigma": values}
    given = {**constraints, "benchmark_weights": benchmark_weights}
    scalars = {"tev_floor": tev_floor, "lambda": lambda_}
    return _solved("information_ratio", assets, arrays, scalars, solver, given)


def track(returns: Any, benchmark: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio nearest to a benchmark, ``min ||R w - r_b||^2``; exact with ``max_holdings``.

    Parameters
    ----------
    returns : DataFrame or array
        Returns of the assets, one row a period.
    benchmark : Series or array
        Returns of the benchmark over the same rows, or the name of a column.

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, 0.02], [-0.01, 0.0], [0.03, 0.01]])
    >>> wf.optimize.track(returns, returns @ [0.6, 0.4]).weights.round(6).tolist()
    [0.6, 0.4]

    """
    if isinstance(benchmark, str):
        columns = _names(returns) or []
        if benchmark not in columns:
            raise DataError(
                f"the benchmark {benchmark} is not a column of returns", f"one of: {', '.join(columns[:12])}"
            )
        returns, benchmark = returns[[n for n in columns if n != benchmark]], returns[benchmark]
    values, assets = _scenarios(returns)
    by_date = hasattr(benchmark, "index") and hasattr(returns, "index") and hasattr(benchmark.index, "equals")
    if by_date and not benchmark.index.equals(returns.index):
        raise DataError("the benchmark has another index than the returns", "join them by date first")
    own = np.squeeze(_frames.array(benchmark, "the benchmark"))
    series = _finite(_frames.numbers(own, "the benchmark"), "the benchmark")
    if series.shape != (len(values),):
        raise DataError(f"the benchmark has {series.size} rows, the returns {len(values)}", None)
    arrays = {"returns": values, "benchmark": series}
    needs_sigma = constraints.get("volatility_cap") is not None or constraints.get("tracking_error_cap") is not None
    if needs_sigma:
        arrays["sigma"] = np.cov(values, rowvar=False, ddof=1)
    return _solved("tracking_error", assets, arrays, {}, solver, constraints)


@dataclass(frozen=True)
class Frontier:
    """The exact efficient frontier by its corners: between two of them weights are a straight line.

    Attributes
    ----------
    weights : DataFrame or array
        One row a corner, from the least risk to the largest return.
    returns, volatilities, risk_aversions : array
        Of each corner.

    """

    weights: Any
    returns: Floats
    volatilities: Floats
    risk_aversions: Floats
    _assets: _Assets = field(repr=False)
    _asked: tuple[str, dict[str, bytes]] = field(repr=False)

    def at(
        self, *, volatility: float | None = None, return_: float | None = None, risk_free: float | None = None
    ) -> Portfolio:
        """Return the portfolio with a volatility, an expected return, or the largest Sharpe ratio at a rate.

        Without an argument it is the one of the least risk.
        """
        points = {"volatility": volatility, "return": return_, "sharpe": risk_free}
        given = [(name, value) for name, value in points.items() if value is not None]
        if len(given) > 1:
            raise DataError("a point of the frontier is one of volatility, return_ and risk_free", None)
        name, value = given[0] if given else ("minimum_variance", 0.0)
        return _portfolio(self._assets, *_native.frontier_at(*self._asked, name, value))

    def __len__(self) -> int:
        return len(self.returns)


def frontier(mu: Any, sigma: Any, **constraints: Any) -> Frontier:
    """Return the whole efficient frontier under linear constraints: Markowitz (1956).

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> found = wf.optimize.frontier([0.10, 0.05], np.diag([0.04, 0.01]))
    >>> len(found), found.at(return_=0.08).weights.round(6).tolist()
    (2, [0.6, 0.4])

    """
    values, assets = _covariance(sigma)
    arrays = _arrays(assets, constraints, mu=assets.vector(mu, "mu"), sigma=values)
    problem = json.dumps(_problem("mean_variance", assets, {"risk_aversion": 1.0}, dict(constraints)))
    parts = [np.frombuffer(each) for each in _native.frontier(problem, arrays)]
    weights = parts[0].reshape(-1, assets.count)
    frame: Any = weights
    if assets.library == "pandas":
        import pandas

        frame = pandas.DataFrame(weights, columns=assets.names)
    return Frontier(frame, parts[1], parts[2], parts[3], assets, (problem, arrays))


# The functions by the kind of a study's objective.
OBJECTIVES = {
    "tracking_error": track,
    "mean_variance": mean_variance,
    "minimum_variance": min_variance,
    "robust_utility": max_utility,
    "maximum_sharpe": max_sharpe,
    "maximum_diversification": max_diversification,
    "frontier": frontier,
    "robust_mean_variance": robust_mean_variance,
    "minimum_cvar": min_cvar,
    "mean_cvar": mean_cvar,
    "minimum_cdar": min_cdar,
    "information_ratio": information_ratio,
    "risk_parity": risk_parity,
    "equal_weight": equal_weight,
    "inverse_volatility": inverse_volatility,
    "hierarchical_risk_parity": hrp,
}
