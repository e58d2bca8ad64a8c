"""Expected returns by `multi_factor`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def multi_factor(
    returns: Any,
    *,
    months: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Scores of momentum, reversal and volatility, priced by past cross-sections (Fama-MacBeth).

    Parameters
    ----------
    months :
        Past months whose cross-sections are averaged.

        Default: `60`.
    """
    settings = {"months": months}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("multi_factor", settings, False, returns, options)
