"""The efficient frontier, whole."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import _native
from ..errors import DataError
from ._assets import Assets, Floats, covariance
from ._constraints import problem_of
from ._solver import Portfolio, arrays_of, portfolio


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
    _assets: Assets = field(repr=False)
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
        return portfolio(self._assets, *_native.frontier_at(*self._asked, name, value))

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
    values, assets = covariance(sigma)
    arrays = arrays_of(assets, constraints, mu=assets.vector(mu, "mu"), sigma=values)
    problem = json.dumps(problem_of("mean_variance", assets, {"risk_aversion": 1.0}, dict(constraints)))
    parts = [np.frombuffer(each) for each in _native.frontier(problem, arrays)]
    weights = parts[0].reshape(-1, assets.count)
    frame: Any = weights
    if assets.library == "pandas":
        import pandas

        frame = pandas.DataFrame(weights, columns=assets.names)
    return Frontier(frame, parts[1], parts[2], parts[3], assets, (problem, arrays))
