"""The tables of `costs`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Impact(StudyObject):
    """How far trades move prices, which costs besides; for daily prices with volumes.

    Example: `impact = { portfolio_value = 1e8 }`

    Attributes
    ----------
    portfolio_value :
        The value of the portfolio, the same through the whole backtest.

        Unit: the currency of the prices.

        Example: `portfolio_value = 1e8`
    coefficient :
        The coefficient: about 1.

        Unit: none.

        Default: `1.0`.
    volatility_window :
        Returns of the volatility; every asset that is held must have as many.

        Unit: periods.

        Default: `60`.
    volume_window :
        Sessions of the mean traded value, of those of them that have a volume.

        Unit: periods.

        Default: `21`.
    """

    portfolio_value: float
    coefficient: float | None = None
    volatility_window: int | None = None
    volume_window: int | None = None


@dataclass(frozen=True, kw_only=True)
class StudyCosts(StudyObject):
    """Trading costs.

    Attributes
    ----------
    charge_first :
        Whether the initial trade is charged and counted as turnover.

        Default: `false`.
    impact :
        How far trades move prices, which costs besides; for daily prices with volumes.

        Example: `impact = { portfolio_value = 1e8 }`
    per_side_bps :
        Basis points of the traded value, per side.

        Default: `0.0`.
    """

    charge_first: bool | None = None
    impact: Impact | Mapping[str, Any] | None = None
    per_side_bps: float | None = None
