"""Expected returns by `momentum`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def momentum(
    returns: Any,
    *,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Means blended with compounded returns of 1, 3, 6 and 12 months.

    Parameters
    ----------
    window :
        Rows of the window.

        Default: `252`.
    """
    settings = {"window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("momentum", settings, True, returns, options)
