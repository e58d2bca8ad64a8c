"""Portfolios from past data only, walked forward through history.

`run` walks a study forward, `optimize` solves one problem, `estimate` and `stats` are the moments and the measures
alone, `backtest` runs a policy written in Python, `walkfolio.sklearn` has estimators for pipelines.

Returns, weights and measures are fractions (0.01 is 1 %); a decision at row ``t`` knows the rows before ``t``, and
its weights earn from ``t`` on.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it, without a module that takes longer than all of this
if TYPE_CHECKING:
    from typing import Any

    from . import data as data
    from . import errors as errors
    from . import estimate as estimate
    from . import optimize as optimize
    from . import stats as stats
    from ._audit import audit as audit
    from ._decide import Decision as Decision
    from ._decide import decide as decide
    from ._run import Audit as Audit
    from ._run import Grid as Grid
    from ._run import Run as Run
    from ._run import Verification as Verification
    from ._run import check as check
    from ._run import read as read
    from ._run import run as run
    from ._run import verify as verify
    from ._sweep import assemble as assemble
    from ._sweep import run_cells as run_cells
    from ._sweep import sweep as sweep
    from .accounts import AccountDecisions as AccountDecisions
    from .accounts import decide_accounts as decide_accounts
    from .errors import *  # noqa: F403
    from .objects import *  # noqa: F403
    from .policy import Backtest as Backtest
    from .policy import Costs as Costs
    from .policy import Past as Past
    from .policy import Policy as Policy
    from .policy import backtest as backtest
    from .study import Study as Study
    from .study import schema as schema

    __version__: str

# Modules, numpy and the engine are read when something of theirs is first asked for: the import alone is quick.
_MODULES = ("data", "errors", "estimate", "objects", "optimize", "stats")
_HOMES = {
    "_audit": ("audit",),
    "_decide": ("Decision", "decide"),
    "_run": ("Audit", "Grid", "Run", "Verification", "check", "read", "run", "verify"),
    "_sweep": ("assemble", "run_cells", "sweep"),
    "accounts": ("AccountDecisions", "decide_accounts"),
    "policy": ("Backtest", "Costs", "Past", "Policy", "backtest"),
    "study": ("Study", "schema"),
}


def _all() -> list[str]:
    own = [name for names in _HOMES.values() for name in names]
    errors, objects = (import_module(f"{__name__}.{module}").__all__ for module in ("errors", "objects"))
    return sorted({*_MODULES, *own, *errors, *objects})


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name == "__all__":
            return _all()
        if name == "__version__":
            return import_module(f"{__name__}._native").version()
        if name in _MODULES:
            return import_module(f"{__name__}.{name}")
        # What is in none of the homes is an error or a typed object of a study.
        homes = [home for home, names in _HOMES.items() if name in names]
        for home in homes or ([] if name.startswith("_") else ["errors", "objects"]):
            module = import_module(f"{__name__}.{home}")
            if homes or name in module.__all__:
                globals()[name] = getattr(module, name)
                return globals()[name]
        raise AttributeError(f"module '{__name__}' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *_all()]
