"""The tables of `measure`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime


@dataclass(frozen=True, kw_only=True)
class Measure(StudyObject):
    """How results are measured.

    Attributes
    ----------
    first :
        First session of the full sample, so that studies with different windows are comparable; turnover,
        cost, holdings and gross exposure stay those of the whole backtest. It does not apply to the periods
        of `[[period]]`.

        Example: `first = 2007-11-14`
    """

    first: str | datetime.date | None = None
