"""The tables of `target`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass

from ._base import StudyObject


@dataclass(frozen=True, kw_only=True)
class Target(StudyObject):
    """A target for a measure.

    Attributes
    ----------
    measure :
        The key of a measure, such as `tracking_error`.

        Example: `measure = "tracking_error"`
    max :
        The maximum.

        Unit: that of the measure; a fraction if it is shown in percent.

        Example: `max = 0.04`
    min :
        The minimum.

        Unit: that of the measure; a fraction if it is shown in percent.

        Example: `min = 0.5`
    remark :
        A remark for the reader.

        Example: `remark = "result of the original study"`
    """

    measure: str
    max: float | None = None
    min: float | None = None
    remark: str | None = None
