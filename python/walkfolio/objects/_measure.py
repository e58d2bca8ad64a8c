"""The tables of `measure`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Measure(StudyObject):
    """How results are measured.

    Attributes
    ----------
    baselines :
        Portfolios of constant weights that the result is compared with, next to equal weights in every
        asset: by name, the weights of some assets, which sum to 1. They are rebalanced at the study's own
        decisions and pay its costs; while an asset has no price, the others have its part.

        Unit: fractions of equity.

        Example: `baselines = { "60/40" = { SPY = 0.6, AGG = 0.4 } }`
    first :
        First session of the full sample, so that studies with different windows are comparable; turnover,
        cost, holdings and gross exposure stay those of the whole backtest. It does not apply to the periods
        of `[[period]]`.

        Example: `first = 2007-11-14`
    """

    baselines: Mapping[str, Mapping[str, float]] | None = None
    first: str | datetime.date | None = None
