"""Portfolios from past data only, walked forward through history.

`run` walks a study forward, `optimize` solves one problem, `estimate` and `stats` are the moments and the measures
alone, `backtest` runs a policy written in Python, `walkfolio.sklearn` has estimators for pipelines.

Returns, weights and measures are fractions (0.01 is 1 %); a decision at row ``t`` knows the rows before ``t``, and
its weights earn from ``t`` on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _native, data, errors, estimate, optimize, stats
from ._audit import audit
from ._names import NAMES
from .accounts import AccountDecisions, decide_accounts
from .decide import Decision, decide
from .errors import *  # noqa: F403
from .policy import Backtest, Costs, Past, Policy, backtest
from .run import Audit, Grid, Run, Verification, check, read, run, verify
from .study import Study, schema
from .sweep import assemble, run_cells, sweep

if TYPE_CHECKING:
    from .objects import *  # noqa: F403

__version__ = _native.version()

__all__ = [
    "AccountDecisions",
    "Audit",
    "Backtest",
    "Costs",
    "Decision",
    "Grid",
    "Past",
    "Policy",
    "Run",
    "Study",
    "Verification",
    "assemble",
    "audit",
    "backtest",
    "check",
    "data",
    "decide",
    "decide_accounts",
    "errors",
    "estimate",
    "optimize",
    "read",
    "run",
    "run_cells",
    "schema",
    "stats",
    "sweep",
    "verify",
    *errors.__all__,
    *NAMES,
]


def __getattr__(name: str) -> Any:
    """Find the typed objects of a study, which are made when they are first asked for."""
    if name in NAMES:
        from . import objects

        return getattr(objects, name)
    raise AttributeError(f"module 'walkfolio' has no attribute {name!r}")
