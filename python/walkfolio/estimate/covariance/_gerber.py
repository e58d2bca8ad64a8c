"""Covariance by `gerber`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def gerber(
    returns: Any,
    *,
    count: Literal["union", "geometric"] | None = None,
    threshold: float | None = None,
    window: int | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Correlations from counts of large moves, in the same direction and in opposite ones (Gerber).

    A return counts as up from `threshold` standard deviations on, and down alike; no mean is subtracted
    from it. `Sigma_ij = G_ij s_i s_j` with the standard deviations `s` (`ddof = 0`) and `G_ij = (same -
    opposite) / count`. Large moves weigh no more than others, so that a crash does not make the
    correlation.

    Either count leaves a positive semidefinite matrix: the counts are a product of rows, and so is
    every power of the shared quiet rows `N_ij` in `1 / (T - N_ij) = sum_k N_ij^k / T^(k+1)` (Schur).

    Source: Gerber, Markowitz, Ernst, Miao, Javid & Sargen (2022), The Gerber statistic, Journal of
    Portfolio Management 48.

    Parameters
    ----------
    count :
        What the counts are divided by.

        Default: `"union"`.
    threshold :
        From where a move counts.

        Unit: standard deviations.

        Default: `0.5`.
    window :
        Rows of the window.

        Example: `window = 252`
    """
    settings = {"count": count, "threshold": threshold, "window": window}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("gerber", settings, True, returns, options)
