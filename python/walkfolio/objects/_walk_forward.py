"""The tables of `walk_forward`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class Every(StudyObject):
    """The rebalance frequency: `"week"`, `"month"`, `"quarter"` or `"year"` (the first session of each), a
    number of sessions: `"5d"`, or a table of dates.

    Example: `every = "month"`

    Attributes
    ----------
    dates :
        A file of dates next to the study, CSV, in its first column, or a list of them.

        What is no session means the next one.

        Example: `dates = "reviews.csv"`
    """

    dates: str | Sequence[str]


@dataclass(frozen=True, kw_only=True)
class WalkForward(StudyObject):
    """When decisions are made and how they are executed.

    Attributes
    ----------
    every :
        The rebalance frequency: `"week"`, `"month"`, `"quarter"` or `"year"` (the first session of each), a
        number of sessions: `"5d"`, or a table of dates.

        Example: `every = "month"`
    also :
        Extra rebalances in addition to the regular ones.
    drift :
        What happens to weights between rebalances.

        Default: `"buy_and_hold"`.
    execution_lag :
        The number of closes by which trades are delayed: with 1, the old weights earn the session of the
        decision.

        Default: `0`.
    first :
        No decision before this date; windows reach further back.

        Without it, decisions start as soon as every window is full.

        Example: `first = 2019-06-01`
    history_months :
        An asset is eligible once it has a month-end price this many months before the last month-end.

        Example: `history_months = 13`
    last :
        No decision and no return after this date.

        Example: `last = 2025-06-30`
    """

    every: str | Every | Mapping[str, Any]
    also: Literal["reviews"] | None = None
    drift: Literal["buy_and_hold", "constant_weights"] | None = None
    execution_lag: int | None = None
    first: str | datetime.date | None = None
    history_months: int | None = None
    last: str | datetime.date | None = None
