"""The typed objects of a study, made from its schema by `scripts/generate.py`.

Each stands wherever a study has its table, and has the same keys; what is not given is left to its default.

Examples
--------
>>> import walkfolio as wf
>>> wf.TrackingError(window=252).to_dict()
{'kind': 'tracking_error', 'window': 252}

"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._all import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        # They are made when the first is asked for.
        if name.startswith("_") and name != "__all__":
            raise AttributeError(f"module '{__name__}' has no attribute {name!r}")
        from . import _all

        return getattr(_all, name)
