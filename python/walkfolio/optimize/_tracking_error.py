"""The portfolio nearest to a benchmark."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import _frames
from ..errors import DataError
from ._assets import finite, names_of, scenarios
from ._solver import Portfolio, Solver, solved


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
    arrays = {"returns": values, "benchmark": series}
    needs_sigma = constraints.get("volatility_cap") is not None or constraints.get("tracking_error_cap") is not None
    if needs_sigma:
        arrays["sigma"] = np.cov(values, rowvar=False, ddof=1)
    return solved("tracking_error", assets, arrays, {}, solver, constraints)
