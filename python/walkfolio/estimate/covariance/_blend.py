"""Covariance by `blend`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import _moments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...objects._covariance_parts import Blend


def blend(
    returns: Any,
    *,
    blend: Sequence[Blend | Mapping[str, Any]],
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """A weighted mean of several covariances.

    It is positive semidefinite as they are. Of factor models and of windows shorter than there are
    assets it is a factor model with the factors of all, unless these are as many as the assets.

    Parameters
    ----------
    blend :
        The covariances with their weights, which sum to 1.

        Example: `blend = [{ of = { kind = "sample", window = 252 }, weight = 0.5 }, { of = { kind = "ewma",
        window = 252, half_life = 60.0 }, weight = 0.5 }]`
    """
    settings = {"blend": blend}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.covariance("blend", settings, False, returns, options)
