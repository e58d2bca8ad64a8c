"""Whether decisions look ahead: those of studies, and of policies written in Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import _native
from ._progress import progress as _progress
from ._rebuilt import Rebuilt, is_recipe
from ._run import Audit, prepared
from .policy import Adapter, Costs, Policy, policy_of, study_of

__all__ = ["audit"]


def audit(study: Any, prices: Any = None, *, progress: Any = None, **options: Any) -> Audit:
    """Whether a decision looks ahead: each is made again on perturbed future data and must keep its bits.

    Takes a study and its data as `walkfolio.run` does, or a policy of your own with the options of
    `walkfolio.backtest`: a class, an instance or a function.

    A class, or `functools.partial` of one, is built anew for each decision; where its `__init__` has a parameter
    ``prices``, it is given the prices in the table that came in, with every number from the decision's session on
    falsified and then missing. What it keeps of them is so put to the test. An instance and a function are asked again
    as they are: the audit does not see prices that they keep themselves, and no form sees what a policy reads
    elsewhere, such as a file, a global table or a series of the benchmark of its own.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD"])
    >>> wf.audit({"objective": wf.TrackingError(window=252), "every": "year"}, prices, benchmark="SPY").passed
    True
    >>> class Tomorrow(wf.Policy):
    ...     def __init__(self, prices):
    ...         self.returns = prices.pct_change().shift(-1)
    ...     def decide(self, past, holdings):
    ...         return {str(self.returns.loc[:str(past.date)].iloc[-1].fillna(0).idxmax()): 1.0}
    >>> wf.audit(Tomorrow, prices, every="year").passed
    False

    """
    if isinstance(study, Policy) or callable(study):
        return _of_policy(study, prices, progress=progress, **options)
    made, found = prepared(study, {"prices": prices, **options})
    with found.folder() as folder, _progress(progress) as callback:
        return Audit(json.loads(_native.audit(made._native, folder, callback)))


def _of_policy(
    policy: Any,
    prices: Any,
    *,
    every: Any = "month",
    costs: Costs | float | None = None,
    lag: int = 0,
    first: Any = None,
    last: Any = None,
    rows: int | None = None,
    study: Mapping[str, Any] | None = None,
    progress: Any = None,
    **data: Any,
) -> Audit:
    own = Rebuilt(policy, prices) if is_recipe(policy) else policy_of(policy, rows)
    made, found = prepared(study_of(every, costs, lag, first, last, study), {"prices": prices, **data})
    with found.folder() as folder, _progress(progress) as callback:
        adapter = Adapter(own, _native.assets(made._native, folder), found.library)
        memory = own.memory == "holdings"
        text = _native.audit_policy(made._native, folder, adapter, memory, own.rows, callback)
    return Audit(json.loads(text))
