"""Expected returns by `blend`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ... import _moments

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ...objects._expected_returns_parts import ExpectedReturnsBlend


def blend(
    returns: Any,
    *,
    blend: Sequence[ExpectedReturnsBlend | Mapping[str, Any]],
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """A weighted mean of several models of expected returns.

    Each part is estimated by itself. A covariance that belongs to a part takes no place of
    `[estimate.covariance]`: it is that of the part alone.

    Parameters
    ----------
    blend :
        The models with their weights, which sum to 1.

        Example: `blend = [{ of = { kind = "historical" }, weight = 0.5 }, { of = { kind = "momentum" },
        weight = 0.5 }]`
    """
    settings = {"blend": blend}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("blend", settings, False, returns, options)
