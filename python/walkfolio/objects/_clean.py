"""The tables of `clean`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Clean(StudyObject):
    """What is done about findings of the data check.

    Attributes
    ----------
    bad_price :
        A price that is zero, negative or not finite.

        One of: report, fail, mask, forward_fill, interpolate.
    constant_price :
        A price that never changes.

        One of: report, fail.
    coverage :
        An asset without any price.

        One of: report, fail.
    dividend :
        An adjusted close that disagrees with the dividend.

        One of: report, fail.
    duplicate_date :
        A date that occurs twice in a wide table; `mask` makes one row of those that agree.

        One of: fail, mask.
    equal_prices :
        Two assets with the same prices.

        One of: report, fail.
    extra_session :
        Dates on which the exchange was closed.

        One of: report, fail, drop.
    gap :
        Rows inside a listing without a price.

        One of: report, fail, forward_fill, interpolate.
    jump :
        A move far from the asset's own and from that of others.

        One of: report, fail, winsorize.
    misaligned :
        A series that moves a day before or after the others.

        One of: report, fail.
    missed_split :
        A step by the ratio of a split.

        One of: report, fail.
    missing_session :
        Sessions of the exchange that the file lacks.

        One of: report, fail.
    mixed_calendars :
        Dates of several exchanges, or of none that is known.

        One of: report, fail.
    returns_not_prices :
        Returns in place of prices.

        One of: report, fail.
    reversal :
        A spike that comes back.

        One of: report, fail, mask, forward_fill, interpolate.
    rounded_risk_free :
        A risk-free rate of two decimals.

        One of: report, fail.
    scaled_returns :
        Returns multiplied by the sessions of a year.

        One of: report, fail.
    shifted_dates :
        Dates a day early or late.

        One of: report, fail.
    sparse_session :
        A session on which most assets lack a price.

        One of: report, fail, drop.
    spin_off :
        A fall that stays, as a spin-off or a special dividend makes it.

        One of: report, fail.
    stale_price :
        The same price again and again.

        One of: report, fail, mask, interpolate.
    unit_error :
        A step of 100 times or the like, lasting or for some rows.

        One of: report, fail, mask, forward_fill, interpolate.
    unsorted_dates :
        Dates of a wide table that do not increase; `report` has the rows sorted.

        One of: report, fail.
    zero_volume :
        Days without trade, where the file has volumes.

        One of: report, fail, mask, forward_fill, interpolate.
    """

    bad_price: str | Mapping[str, Any] | None = None
    constant_price: str | Mapping[str, Any] | None = None
    coverage: str | Mapping[str, Any] | None = None
    dividend: str | Mapping[str, Any] | None = None
    duplicate_date: str | Mapping[str, Any] | None = None
    equal_prices: str | Mapping[str, Any] | None = None
    extra_session: str | Mapping[str, Any] | None = None
    gap: str | Mapping[str, Any] | None = None
    jump: str | Mapping[str, Any] | None = None
    misaligned: str | Mapping[str, Any] | None = None
    missed_split: str | Mapping[str, Any] | None = None
    missing_session: str | Mapping[str, Any] | None = None
    mixed_calendars: str | Mapping[str, Any] | None = None
    returns_not_prices: str | Mapping[str, Any] | None = None
    reversal: str | Mapping[str, Any] | None = None
    rounded_risk_free: str | Mapping[str, Any] | None = None
    scaled_returns: str | Mapping[str, Any] | None = None
    shifted_dates: str | Mapping[str, Any] | None = None
    sparse_session: str | Mapping[str, Any] | None = None
    spin_off: str | Mapping[str, Any] | None = None
    stale_price: str | Mapping[str, Any] | None = None
    unit_error: str | Mapping[str, Any] | None = None
    unsorted_dates: str | Mapping[str, Any] | None = None
    zero_volume: str | Mapping[str, Any] | None = None
