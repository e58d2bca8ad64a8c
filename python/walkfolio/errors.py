"""What can go wrong, each with its data.

Every error has a message in the words of a study or of the call, and a ``hint`` that says what to do. All of them
are `WalkfolioError`; those of wrong input are `ValueError` as well.

Examples
--------
>>> import walkfolio as wf
>>> try:
...     wf.Study({"name": "x", "markt": 1})
... except wf.StudyError as error:
...     fault = next(fault for fault in error.faults if fault.path == "markt")
>>> fault.message, fault.hint
('unknown key `markt`', 'did you mean `market`?')

"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

__all__ = [
    "Conflict",
    "DataError",
    "DecisionError",
    "Fault",
    "Infeasible",
    "InternalError",
    "PolicyError",
    "Relaxation",
    "RunError",
    "SolveError",
    "StudyError",
    "WalkfolioError",
]


class WalkfolioError(Exception):
    """The base of all errors.

    Attributes
    ----------
    message : str
        What went wrong, where, the rule and the value found.
    hint : str or None
        What to do about it.

    """

    def __init__(self, message: str, hint: str | None = None, **data: Any) -> None:
        super().__init__(message if hint is None else f"{message} ({hint})")
        self.message = message
        self.hint = hint
        self._data = data

    def _rename(self, old: str, new: str) -> None:
        """Call something in the message by another name."""
        self.message = self.message.replace(old, new)
        self.args = (self.message if self.hint is None else f"{self.message} ({self.hint})",)

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.message, self.hint, self._data)


def _rebuilt(kind: type[WalkfolioError], message: str, hint: str | None, data: dict[str, Any]) -> WalkfolioError:
    return kind(message, hint, **data)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a study: its key, the rule and value, and its line in a file."""

    path: str
    message: str
    hint: str | None = None
    line: int | None = None


class StudyError(WalkfolioError, ValueError):
    """A study is not valid; ``faults`` has all that is wrong with it."""

    def __init__(self, message: str, hint: str | None = None, *, faults: Any = ()) -> None:
        super().__init__(message, hint, faults=faults)
        self.faults: list[Fault] = [fault if isinstance(fault, Fault) else Fault(**fault) for fault in faults]


class DataError(WalkfolioError, ValueError):
    """Prices, returns or other data cannot be used."""


class RunError(WalkfolioError):
    """A run could not be made, written, read or compared."""


class DecisionError(WalkfolioError):
    """A decision found no portfolio; ``date`` is its session, where it happened in a walk."""

    def __init__(self, message: str, hint: str | None = None, *, date: str | None = None) -> None:
        super().__init__(message, hint, date=date)
        self.date = date


class PolicyError(DecisionError):
    """A policy written in Python gave something that is no portfolio."""


class SolveError(DecisionError, ArithmeticError):
    """An optimization problem has no usable solution."""


@dataclass(frozen=True)
class Relaxation:
    """The smallest change of one constraint that makes the others possible."""

    constraint: str
    min: float | None
    max: float | None
    advice: str


@dataclass(frozen=True)
class Conflict:
    """A smallest set of constraints that no portfolio satisfies, and the closest change of each."""

    constraints: list[str]
    relaxations: list[Relaxation]


class Infeasible(SolveError):
    """No portfolio satisfies the constraints; ``conflict`` names a smallest set of them."""

    def __init__(self, message: str, hint: str | None = None, *, conflict: Any, date: str | None = None) -> None:
        super().__init__(message, hint, date=date)
        if not isinstance(conflict, Conflict):
            relaxations = [Relaxation(**change) for change in conflict["relaxations"]]
            conflict = Conflict(list(conflict["constraints"]), relaxations)
        self.conflict: Conflict = conflict
        self._data = {"conflict": conflict, "date": date}


class InternalError(WalkfolioError, RuntimeError):
    """The engine contradicts itself: a defect of Walkfolio, not of the input."""


def _made(kind: str, message: str, hint: str | None, data: str) -> WalkfolioError:
    """The error that the engine names."""
    found: type[WalkfolioError] = globals()[kind]
    return found(message, hint, **json.loads(data))
