"""The tables of `when`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._base import StudyObject

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True)
class When(StudyObject):
    """Settings that hold at a decision while a regime is in a state, by the last close before it.

    All that apply are set in the order of the study, a later one over an earlier one.

    Attributes
    ----------
    regime :
        The state; where several regimes have a state of this name, the name of the regime, with `state`.

        Example: `regime = "bear"`
    set :
        Values by dotted key under `allocate` or `estimate`.

        Example: `set = { "allocate.objective.lambda" = 0.5 }`
    min_probability :
        It applies while the probability of the state is at least this, whichever state is the most probable
        one; for a regime with probabilities.

        Unit: probability.

        Example: `min_probability = 0.8`
    state :
        The state of the regime that `regime` names.

        Example: `state = "bear"`
    """

    regime: str
    set: Mapping[str, Any]
    min_probability: float | None = None
    state: str | None = None
