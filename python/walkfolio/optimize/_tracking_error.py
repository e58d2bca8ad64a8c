"""The portfolio nearest to a benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _frames
from ..errors import DataError
from ._assets import finite, names_of, scenarios
from ._solver import Portfolio, Solver, solved, with_returns


def track(returns: Any, benchmark: Any, *, solver: Solver | str = "auto", **constraints: Any) -> Portfolio:
    """Return the portfolio nearest to a benchmark, ``min ||R w - r_b||^2``; exact with ``max_holdings``.

    Parameters
    ----------
    returns : DataFrame or array
        Returns of the assets, one row a period.
    benchmark : Series or array
        Returns of the benchmark over the same rows, or the name of a column.
    **constraints
        Those of a problem. ``volatility_cap`` and ``tracking_error_cap`` are by the sample covariance of ``returns``,
        in units of one row: 10 % a year is ``0.10 / 252 ** 0.5`` for daily returns. (A study's keys are per year.)

    Examples
    --------
    >>> import numpy as np, walkfolio as wf
    >>> returns = np.array([[0.01, 0.02], [-0.01, 0.0], [0.03, 0.01]])
    >>> wf.optimize.track(returns, returns @ [0.6, 0.4]).weights.round(6).tolist()
    [0.6, 0.4]
    >>> held = wf.optimize.track(returns, returns @ [0.6, 0.4], volatility_cap=0.20 / 252 ** 0.5)
    >>> bool(abs(np.std(returns @ held.values, ddof=1) * 252 ** 0.5 - 0.20) < 1e-6)
    True

    """
    if isinstance(benchmark, str):
        columns = names_of(returns) or []
        if benchmark not in columns:
            raise DataError(
                f"the benchmark {benchmark} is not a column of returns", f"one of: {', '.join(columns[:12])}"
            )
        returns, benchmark = returns[[n for n in columns if n != benchmark]], returns[benchmark]
    values, assets = scenarios(returns)
    by_date = hasattr(benchmark, "index") and hasattr(returns, "index") and hasattr(benchmark.index, "equals")
    if by_date and not benchmark.index.equals(returns.index):
        raise DataError("the benchmark has another index than the returns", "join them by date first")
    own = np.squeeze(_frames.array(benchmark, "the benchmark"))
    series = finite(_frames.numbers(own, "the benchmark"), "the benchmark")
    if series.shape != (len(values),):
        raise DataError(f"the benchmark has {series.size} rows, the returns {len(values)}", None)
    arrays = with_returns(values, constraints, benchmark=series)
    return solved("tracking_error", assets, arrays, {}, solver, constraints)
