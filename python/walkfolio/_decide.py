"""What a study decides for the next session."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from typing import Any

from . import _frames, _native
from ._plain import plain
from ._run import prepared

__all__ = ["Decision", "decide"]


class Decision:
    """A decision for one session, made by the backtest's own code from the rows before it.

    Attributes
    ----------
    due : bool
        Whether the schedule asks for one; without ``force`` there is no target where it does not.
    date, next_due : datetime.date or None
        The session, and when the schedule asks next.

    """

    def __init__(self, found: dict[str, Any], library: str) -> None:
        self._found, self._library = found, library

    @property
    def due(self) -> bool:
        """Whether the schedule asks for a decision."""
        return bool(self._found["due"])

    @property
    def date(self) -> datetime.date:
        """The session that is decided for."""
        return datetime.date.fromisoformat(self._found["date"])

    @property
    def next_due(self) -> datetime.date | None:
        """When the schedule asks for one next."""
        text = self._found.get("next_due")
        return None if text is None else datetime.date.fromisoformat(text)

    @property
    def weights(self) -> dict[str, float]:
        """The target by asset; empty where nothing is decided."""
        return {row["asset"]: row["target"] for row in self._found.get("target", ())}

    @property
    def target(self) -> Any:
        """One row for each asset: weight before and after, last price and its session."""
        rows = self._found.get("target", ())
        names = list(rows[0]) if rows else []
        return _frames.frame({name: [row[name] for row in rows] for name in names}, self._library)

    @property
    def turnover(self) -> float:
        """One way, a fraction of equity."""
        return float(self._found.get("turnover", 0.0))

    def to_dict(self) -> dict[str, Any]:
        """Return all of it: solve, binding limits with their prices, risk before and after, notes."""
        return dict(self._found)

    def __repr__(self) -> str:
        if not self._found.get("target"):
            return f"Decision(none is due on {self.date}, next {self.next_due})"
        return f"Decision({self.date}, {len(self.weights)} assets, turnover {self.turnover:.1%})"

    def __reduce__(self) -> tuple[Any, ...]:
        return Decision, (self._found, self._library)


def decide(
    study: Any,
    prices: Any = None,
    *,
    on: Any = None,
    today: Any = None,
    max_age: int | None = None,
    holdings: Mapping[str, float] | None = None,
    force: bool = False,
    **data: Any,
) -> Decision:
    """Decide for the session after the data, or for any one, with the bits of the backtest.

    Parameters
    ----------
    study : Study, str, path or dict
        As for `walkfolio.run`.
    prices : DataFrame or path, optional
        As for `walkfolio.run`, with its other data in ``**data``.
    on : date, optional
        The session; the next one after the data by default.
    today, max_age : optional
        The day of the clock, and how many sessions old the data may be then.
    holdings : dict, optional
        What is held, as fractions of equity by asset; what the study itself would hold by default.
    force : bool
        Whether to decide though the schedule does not ask for it.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD", "QQQ"])
    >>> study = {"objective": wf.TrackingError(window=252), "every": "month"}
    >>> found = wf.decide(study, prices, benchmark="SPY", on="2025-06-02")
    >>> run = wf.run(study, prices, benchmark="SPY")
    >>> found.weights["QQQ"] == float(run.weights.loc["2025-06-02", "QQQ"])
    True

    """
    made, found = prepared(study, {"prices": prices, **data})
    days = [None if day is None else str(plain(day))[:10] for day in (on, today)]
    held = None if holdings is None else {str(name): float(weight) for name, weight in holdings.items()}
    with found.folder() as folder:
        text = _native.decide(made._native, folder, days[0], days[1], max_age, force, held)
    return Decision(json.loads(text), found.library)
