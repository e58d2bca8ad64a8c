"""Expected returns by `factor_model`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def factor_model(
    returns: Any,
    *,
    alpha: Literal["include", "exclude"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """`r_f + B' mean(f) + alpha` from regressions on the factors.

    Parameters
    ----------
    alpha :
        Whether the intercepts enter; with them the result is the sample mean.

        Default: `"include"`.
    window :
        Rows of the window.

        Example: `window = 90`
    """
    settings = {"alpha": alpha, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("factor_model", settings, True, returns, options)
