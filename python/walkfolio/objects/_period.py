"""The tables of `period`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime


@dataclass(frozen=True, kw_only=True)
class Period(StudyObject):
    """A period that is measured separately.

    Attributes
    ----------
    name :
        The name in the tables.

        Example: `name = "covid"`
    first :
        The first session; the start of the sample by default.

        Example: `first = 2020-02-01`
    last :
        The last session; the end of the sample by default.

        Example: `last = 2020-06-30`
    """

    name: str
    first: str | datetime.date | None = None
    last: str | datetime.date | None = None
