"""What a problem states besides its objective: the constraints of a study, by the same names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..errors import DataError
from ._assets import Assets

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


def limits(value: Any, what: str) -> tuple[float | None, float | None]:
    if isinstance(value, (int, float)):
        return float(value), float(value)
    try:
        low, high = value
    except (TypeError, ValueError):
        raise DataError(f"{what} is {value!r}, not a pair of a minimum and a maximum", None) from None
    return (None if low is None else float(low)), (None if high is None else float(high))


def _range(name: str, value: Any, assets: Assets) -> dict[str, Any]:
    try:
        values, low, high = value
    except (TypeError, ValueError):
        raise DataError(f"{name} is {value!r}, not (values, min, max)", None) from None
    return {"name": name, "values": assets.vector(values, name).tolist(), "min": low, "max": high}


def _bounds(given: Any, assets: Assets, by_asset: Any = None) -> tuple[list[float], list[float]]:
    low, high = np.zeros(assets.count), np.ones(assets.count)
    single = {} if by_asset is None else dict(by_asset)
    if isinstance(given, Mapping):
        single = {**given, **single}
    elif given is not None:
        first, second = _pair(given)
        low[:] = first if np.isscalar(first) else assets.vector(first, "the minimum weights")
        high[:] = second if np.isscalar(second) else assets.vector(second, "the maximum weights")
    for name, pair in single.items():
        least, most = limits(pair, f"the bounds of {name}")
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


def _groups(groups: Mapping[str, Any], assets: Assets) -> list[dict[str, Any]]:
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


def problem_of(objective: str, assets: Assets, scalars: Mapping[str, float], given: dict[str, Any]) -> dict[str, Any]:
    unknown = next((name for name in given if name not in (*CONSTRAINTS, "holdings", "benchmark_weights")), None)
    if unknown is not None:
        import difflib

        near = difflib.get_close_matches(unknown, CONSTRAINTS, 1)
        hint = f"did you mean {near[0]}?" if near else f"one of: {', '.join(CONSTRAINTS)}"
        raise DataError(f"no constraint {unknown}", hint)
    given = {name: value for name, value in given.items() if value is not None}
    low, high = _bounds(given.pop("bounds", None), assets, given.pop("bounds_by_asset", None))
    net = limits(given.pop("net_leverage", 1.0), "net_leverage")
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
