"""Tables within `objective`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class ByRule(StudyObject):
    """The rule of a momentum index, in place of a file of holdings.

    Its reviews are those of `review`.

    Attributes
    ----------
    buffer :
        Names that rank this part of `names` beyond it stay if they are members, and as many before it are
        taken whoever is a member.

        Unit: share of `names`.

        Default: `0.5`.
    cap :
        The largest weight of a name; what is above it is spread over the others in proportion.

        Unit: fraction.

        Default: `0.05`.
    clip :
        Scores beyond this count as this.

        Unit: standard deviations.

        Default: `3.0`.
    least_weeks :
        Weekly returns that a name must have.

        Unit: weeks.

        Default: `52`.
    names :
        How many names it holds.

        Unit: names.

        Default: `125`.
    unpublished :
        A name without a published capitalization counts as one at this quantile of the known ones; without
        it such names are left out.

        Unit: probability.

        Example: `unpublished = 0.25`
    """

    buffer: float | None = None
    cap: float | None = None
    clip: float | None = None
    least_weeks: int | None = None
    names: int | None = None
    unpublished: float | None = None


@dataclass(frozen=True, kw_only=True)
class Holdings(StudyObject):
    """What the benchmark holds, from its own file or by its rule.

    Attributes
    ----------
    half_life_days :
        Rows after which a return weighs half as much.

        Example: `half_life_days = 252.0`
    rows :
        How many rows of returns they count as.

        Unit: sessions.

        Example: `rows = 20.0`
    by_rule :
        The rule of a momentum index, in place of a file of holdings.

        Its reviews are those of `review`.
    """

    half_life_days: float
    rows: float
    by_rule: ByRule | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class AdHoc(StudyObject):
    """Reviews that follow a jump of market volatility.

    Attributes
    ----------
    assets :
        The assets whose equal-weighted portfolio stands for the market.

        Example: `assets = ["XLE", "XLF", "XLK"]`
    least_changes :
        Earlier changes that are needed.

        Unit: monthly changes.

        Default: `24`.
    quantile :
        The quantile.

        Unit: probability.

        Default: `0.95`.
    quiet_months :
        Months, 1 to 12, in which no such review takes effect.

        Unit: months of a year.

        Example: `quiet_months = [5, 11]`

        Default: `[]`.
    since :
        No month-end before this date counts.

        Example: `since = 2014-01-01`
    volatility_days :
        Rows of the volatility's window.

        Default: `63`.
    """

    assets: Sequence[str]
    least_changes: int | None = None
    quantile: float | None = None
    quiet_months: Sequence[int] | None = None
    since: str | datetime.date | None = None
    volatility_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Prior(StudyObject):
    """A portfolio that stands in for the benchmark's holdings.

    Attributes
    ----------
    half_life_days :
        Rows after which a return weighs half as much.

        Example: `half_life_days = 126.0`
    rows :
        How many rows of returns it counts as.

        Unit: sessions.

        Example: `rows = 20.0`
    base :
        Weight of each asset at a score of 0, up to a common factor; 1 where an asset is not named.

        Unit: any, as a common factor does not matter.

        Example: `base = { XLK = 2.0, XLF = 1.0 }`
    clip :
        Scores beyond this count as this.

        Unit: standard deviations.

        Default: `3.0`.
    """

    half_life_days: float
    rows: float
    base: Mapping[str, float] | None = None
    clip: float | None = None


@dataclass(frozen=True, kw_only=True)
class Tilt(StudyObject):
    """A push towards the assets with the largest momentum scores.

    Attributes
    ----------
    decay_days :
        Rows after a review in which it falls by the factor e.

        Example: `decay_days = 40.0`
    strength :
        Its size, as a part of the mean second moment for a score of 1.

        Unit: mean second moments of the returns.

        Example: `strength = 0.05`
    """

    decay_days: float
    strength: float


@dataclass(frozen=True, kw_only=True)
class Review(StudyObject):
    """What is known of the benchmark's reviews.

    Attributes
    ----------
    months :
        Months, 1 to 12, at whose last session scheduled reviews take effect.

        Unit: months of a year.

        Example: `months = [5, 11]`
    ad_hoc :
        Reviews that follow a jump of market volatility.
    prior :
        A portfolio that stands in for the benchmark's holdings.
    stale :
        What a return from before the last review weighs, relative to one after it.

        Unit: fraction.

        Default: `1.0`.
    tilt :
        A push towards the assets with the largest momentum scores.
    """

    months: Sequence[int]
    ad_hoc: AdHoc | Mapping[str, Any] | None = None
    prior: Prior | Mapping[str, Any] | None = None
    stale: float | None = None
    tilt: Tilt | Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class At(StudyObject):
    """A volatility, a fraction per year.

    Attributes
    ----------
    volatility :
        A table of a study.
    """

    volatility: float


@dataclass(frozen=True, kw_only=True)
class ObjectiveAt(StudyObject):
    """An expected return, a fraction per year.

    Attributes
    ----------
    return_ :
        A table of a study.
    """

    return_: float


@dataclass(frozen=True, kw_only=True)
class GroupBudgets(StudyObject):
    """The risk budget of a group of assets.

    Attributes
    ----------
    assets :
        Its assets, a subset of `market.assets`.

        Example: `assets = ["SPY", "EWJ"]`
    budget :
        Its share of the risk.

        Unit: relative to the other budgets.

        Example: `budget = 0.6`
    name :
        The name of the group in messages.

        Example: `name = "stocks"`
    """

    assets: Sequence[str]
    budget: float
    name: str


@dataclass(frozen=True, kw_only=True)
class Members(StudyObject):
    """An objective of an ensemble.

    Attributes
    ----------
    of :
        The objective.

        Example: `of = { kind = "minimum_variance" }`
    weight :
        Its share of the mean, in proportion to those of the others.

        Unit: relative to the other members.

        Default: `1.0`.
    """

    of: StudyObject | Mapping[str, Any]
    weight: float | None = None
