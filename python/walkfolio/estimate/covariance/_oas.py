"""Covariance by `oas`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def oas(
    returns: Any,
    *,
    intensity: Literal["simplified", "paper"] | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """The sample covariance, shrunk towards a scaled identity by the oracle approximating intensity.

    `Sigma = rho mu I + (1 - rho) S` with `S = Y'Y / T`, `mu = tr S / n`; the intensity that is best for
    normal returns, approached by iterating the oracle's.

    Source: Chen, Wiesel, Eldar & Hero (2010), Shrinkage algorithms for MMSE covariance estimation, IEEE
    Transactions on Signal Processing 58.

    Parameters
    ----------
    intensity :
        Which form of the intensity.

        Default: `"simplified"`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"intensity": intensity, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("oas", settings, True, returns, options)
