"""Whether decisions look ahead: those of studies, and of policies written in Python."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from . import _native
from ._progress import progress as _progress
from ._run import Audit, prepared
from .policy import Adapter, Costs, Policy, policy_of, study_of

__all__ = ["audit"]


def audit(study: Any, prices: Any = None, *, progress: Any = None, **options: Any) -> Audit:
    """Prove that no decision looks ahead: each is made again on perturbed future data and must keep its bits.

    Takes a study and its data as `walkfolio.run` does, or a policy of your own, a function as well, with the options
    of `walkfolio.backtest`.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD"])
    >>> wf.audit({"objective": wf.TrackingError(window=252), "every": "year"}, prices, benchmark="SPY").passed
    True

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
    own = policy_of(policy, rows)
    made, found = prepared(study_of(every, costs, lag, first, last, study), {"prices": prices, **data})
    with found.folder() as folder, _progress(progress) as callback:
        adapter = Adapter(own, _native.assets(made._native, folder), found.library)
        memory = own.memory == "holdings"
        text = _native.audit_policy(made._native, folder, adapter, memory, own.rows, callback)
    return Audit(json.loads(text))
