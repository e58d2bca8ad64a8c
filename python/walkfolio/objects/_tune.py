"""The tables of `tune`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Tune(StudyObject):
    """Chooses settings by their results on past decisions.

    Attributes
    ----------
    every_months :
        Months between tuning dates, counted from the month of `walk_forward.first`; the chosen settings
        apply until the next tuning date.

        Example: `every_months = 12`
    keys :
        Values to try by dotted key under `allocate` or `estimate`; all combinations are tried.

        Example: `keys = { "allocate.objective.ridge_to_holdings" = [0.1, 0.2] }`
    look_back_months :
        Months of past decisions that are evaluated.

        Default: `36`.
    """

    every_months: int
    keys: Mapping[str, Sequence[Any]]
    look_back_months: int | None = None
