"""Tables within `covariance`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class Blend(StudyObject):
    """A covariance of a blend.

    Attributes
    ----------
    of :
        The covariance, with the keys of `[estimate.covariance]`.
    weight :
        Its weight.

        Unit: share.

        Example: `weight = 0.5`
    """

    of: StudyObject | Mapping[str, Any]
    weight: float
