"""The tables of `costs`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass

from ._base import StudyObject


@dataclass(frozen=True, kw_only=True)
class StudyCosts(StudyObject):
    """Trading costs.

    Attributes
    ----------
    charge_first :
        Whether the initial trade is charged and counted as turnover.

        Default: `false`.
    per_side_bps :
        Basis points of the traded value, per side.

        Default: `0.0`.
    """

    charge_first: bool | None = None
    per_side_bps: float | None = None
