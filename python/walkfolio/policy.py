"""Policies written in Python: walked forward and audited like those of a study."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from . import _frames, _native
from ._progress import progress as _progress
from ._run import Run, prepared
from .errors import PolicyError, RunError

__all__ = ["Backtest", "Costs", "Past", "Policy", "backtest"]

Floats = _frames.Floats

# What a study must say of its decisions; those of a policy take their place.
_OWN: dict[str, Any] = {
    "name": "policy",
    "objective": {"kind": "minimum_variance"},
    "covariance": {"kind": "sample", "window": 2},
}


@dataclass(frozen=True)
class Costs:
    """What trading costs.

    Attributes
    ----------
    bps : float
        Basis points of the traded value, a side.
    charge_first : bool
        Whether the initial trade is charged, and counted as turnover.

    """

    bps: float = 0.0
    charge_first: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return them as a study's ``[costs]``."""
        return {"per_side_bps": float(self.bps), "charge_first": self.charge_first}


class Past:
    """What is known at a decision: every row before it, and none after.

    Tables are arrays with a row for each session and a column for each of ``assets``; a price that there is not is
    NaN. They are copies of the known rows: nothing of the session of the decision or a later one is behind them.

    Attributes
    ----------
    date : datetime.date
        The session of the decision, whose prices are not known yet.
    assets : list of str
        Every asset, in the order of the columns.

    """

    def __init__(self, rows: Any, date: str, assets: list[str], library: str) -> None:
        self._rows, self._library = rows, library
        self.date = datetime.date.fromisoformat(date)
        self.assets = assets

    def __len__(self) -> int:
        return int(self._rows.count())

    @property
    def eligible(self) -> list[str]:
        """The assets with as much history as the policy needs: those that may be held."""
        return [self.assets[at] for at in self._rows.eligible()]

    def dates(self, rows: int | None = None) -> _frames.Days:
        """Return the last dates, oldest first."""
        return np.frombuffer(self._rows.days(self._most(rows)), dtype=np.int64).astype("datetime64[D]")

    def prices(self, rows: int | None = None) -> Floats:
        """Return the last prices, oldest first; all without an argument."""
        return np.frombuffer(self._rows.prices(self._most(rows))).reshape(-1, len(self.assets))

    def returns(self, rows: int | None = None) -> Floats:
        """Return the last returns, oldest first; all without an argument."""
        most = self._most(None if rows is None else rows)
        return np.frombuffer(self._rows.returns(most)).reshape(-1, len(self.assets))

    def benchmark(self, rows: int | None = None) -> Floats:
        """Return the last returns of the benchmark."""
        found = self._rows.benchmark(self._most(rows))
        if found is None:
            raise PolicyError("there is no benchmark", "give benchmark to backtest")
        return np.frombuffer(found)

    def frame(self, what: Literal["prices", "returns"] = "prices", rows: int | None = None) -> Any:
        """Return prices or returns as a table of the library that the prices came in."""
        values = self.prices(rows) if what == "prices" else self.returns(rows)
        columns = {
            "date": self.dates(rows).astype("datetime64[ms]"),
            **dict(zip(self.assets, values.T, strict=True)),
        }
        return _frames.frame(columns, self._library, "date")

    def _most(self, rows: int | None) -> int:
        if rows is not None and rows < 1:
            raise PolicyError(f"the last {rows} rows are asked for", "ask for 1 or more")
        return len(self) if rows is None else int(rows)

    def __repr__(self) -> str:
        return f"Past({len(self)} rows of {len(self.assets)} assets before {self.date})"


class Policy:
    """A policy of your own: override `decide`.

    Attributes
    ----------
    memory : str
        ``none``, or ``holdings`` if decisions depend on what is held.
    rows : int
        How many returns an asset must have to be held.

    Examples
    --------
    >>> import walkfolio as wf
    >>> class Mine(wf.Policy):
    ...     def decide(self, past, holdings):
    ...         return {"SPY": 0.6, "GLD": 0.4}
    >>> prices = wf.data.sample(["SPY", "GLD"])
    >>> done = wf.backtest(Mine(), prices, every="year", costs=wf.Costs(bps=5))
    >>> done.measures["turnover_annual"] < 0.3, bool(wf.audit(Mine, prices, every="year"))
    (True, True)

    """

    memory: Literal["none", "holdings"] = "none"
    rows: int = 1

    def decide(self, past: Past, holdings: dict[str, float]) -> Any:
        """Return the weights from the session ``past.date`` on, as a dict, a Series or an array.

        Parameters
        ----------
        past : Past
            The rows before the decision.
        holdings : dict
            What is held, drifted to the decision; empty unless ``memory`` is ``holdings``.

        """
        raise NotImplementedError("a policy has a method `decide(past, holdings)`")


class _Function(Policy):
    """A function as a policy."""

    def __init__(self, function: Callable[..., Any], rows: int) -> None:
        self._function, self.rows = function, rows

    def decide(self, past: Past, holdings: dict[str, float]) -> Any:
        return self._function(past, holdings)


class Adapter:
    """Between the engine and a policy."""

    def __init__(self, policy: Policy, assets: list[str], library: str) -> None:
        self._policy, self._assets, self._library = policy, assets, library
        self._name = getattr(policy, "_stands_for", type(policy).__name__)

    def __call__(self, rows: Any, date: str, holdings: bytes | None) -> bytes:
        past = Past(rows, date, self._assets, self._library)
        held: dict[str, float] = {}
        if holdings is not None:
            values = np.frombuffer(holdings).tolist()
            held = {name: weight for name, weight in zip(self._assets, values, strict=True) if weight != 0}
        try:
            given = self._policy.decide(past, held)
        except Exception as error:
            if hasattr(error, "add_note"):
                error.add_note(f"at the decision of {date}")
            raise
        return self._weights(given, past).tobytes()

    def _weights(self, given: Any, past: Past) -> Floats:
        weights = self._vector(getattr(given, "weights", given), past)
        if not np.isfinite(weights).all():
            at = int(np.argmin(np.isfinite(weights)))
            raise self._error(f"gives {weights[at]} for {self._assets[at]}", past, "give a number for each asset held")
        allowed = set(self._native_eligible(past))
        held = [self._assets[at] for at in np.flatnonzero(weights) if at not in allowed]
        if held:
            what = f"holds {held[0]}, which has fewer than {self._policy.rows} returns or no price"
            raise self._error(what, past, "choose among past.eligible")
        return weights

    @staticmethod
    def _native_eligible(past: Past) -> list[int]:
        eligible: list[int] = past._rows.eligible()
        return eligible

    def _vector(self, given: Any, past: Past) -> Floats:
        if hasattr(given, "to_dict") and hasattr(given, "index"):
            given = given.to_dict()
        if isinstance(given, Mapping):
            weights = np.zeros(len(self._assets))
            for name, weight in given.items():
                if str(name) not in self._assets:
                    known = ", ".join(self._assets[:12])
                    raise self._error(f"names {name}, which is not an asset", past, f"one of: {known}")
                weights[self._assets.index(str(name))] = self._number(weight, name, past)
            return weights
        try:
            array = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError):
            array = np.empty(0)
        if array.shape != (len(self._assets),):
            what = f"gives {type(given).__name__}, not weights of {len(self._assets)} assets"
            raise self._error(what, past, "return a dict, a Series or an array with one weight for each asset")
        return np.array(array)

    def _number(self, weight: Any, name: Any, past: Past) -> float:
        try:
            return float(weight)
        except (TypeError, ValueError):
            raise self._error(f"gives {weight!r} for {name}", past, "give a number") from None

    def _error(self, what: str, past: Past, hint: str) -> PolicyError:
        return PolicyError(f"the policy {self._name} {what}, on {past.date}", hint, date=past.date.isoformat())


class Backtest(Run):
    """A policy's backtest: returns, weights and measures, as those of a `Run`."""

    def __init__(self, files: dict[str, bytes], data: Any, complete: bool, name: str) -> None:
        super().__init__(None, data, None)
        self._files, self.complete, self.name = files, complete, name

    @property
    def manifest(self) -> dict[str, Any]:
        """What was walked."""
        decisions = len(np.unique(_frames.read(self._file("decisions.parquet"))["date"]))
        status = "complete" if self.complete else "interrupted"
        return {"study": self.name, "decisions": decisions, "status": status}

    @property
    def study(self) -> Any:
        """There is none: decisions are the policy's own."""
        raise RunError("a policy's backtest has no study", None)

    def report(self, path: Any) -> Any:
        """There is none of a policy: its tables and charts are here."""
        raise RunError("a report is that of a study's run", "use measures, returns, weights and plot")

    def verify(self, progress: Any = None) -> Any:
        """There is none of a policy: it is not written in a study."""
        raise RunError("a policy's backtest is not verified", "audit it with walkfolio.audit")

    def audit(self, progress: Any = None) -> Any:
        """See `walkfolio.audit`, which takes the policy or its class."""
        raise RunError("a policy is audited by walkfolio.audit(policy, prices, ...)", None)

    def __repr__(self) -> str:
        return f"Backtest({self.name!r}, {self.manifest['decisions']} decisions)"

    def __reduce__(self) -> tuple[Any, ...]:
        return Backtest, (self._files, self._data, self.complete, self.name)


def policy_of(policy: Any, rows: int | None) -> Policy:
    if isinstance(policy, Policy):
        return policy
    if callable(policy) and not isinstance(policy, type):
        return _Function(policy, rows or 1)
    kind = policy.__name__ if isinstance(policy, type) else type(policy).__name__
    hint = f"pass {kind}()" if isinstance(policy, type) else "derive it from walkfolio.Policy, or pass a function"
    raise PolicyError(f"{kind} is not a policy", hint)


def study_of(
    every: Any, costs: Costs | float | None, lag: int, first: Any, last: Any, study: Mapping[str, Any] | None
) -> dict[str, Any]:
    walk = {"every": every, "execution_lag": lag, "first": first, "last": last}
    paid = costs if isinstance(costs, Costs) else Costs(bps=costs or 0.0)
    return {**_OWN, "walk_forward": walk, "costs": paid.to_dict(), **(study or {})}


def backtest(
    policy: Any,
    prices: Any = None,
    *,
    every: Any = "month",
    costs: Costs | float | None = None,
    lag: int = 0,
    first: Any = None,
    last: Any = None,
    rows: int | None = None,
    study: Mapping[str, Any] | None = None,
    progress: Any = None,
    **data: Any,
) -> Backtest:
    """Walk a policy of your own forward: each decision is shown the rows before it, and earns from its session on.

    Parameters
    ----------
    policy : Policy or function
        ``decide(past, holdings)`` gives weights; what they leave is cash.
    prices : DataFrame or path
        As for `walkfolio.run`, with its ``benchmark``, ``factors`` and so on in ``**data``.
    every : str or dict
        ``month``, ``week``, ``quarter``, ``year``, ``5d``, or ``{"dates": [...]}``.
    costs : Costs or float, optional
        What trading costs; a number is basis points a side.
    lag : int
        How many closes later than the last known one is traded.
    first, last : date, optional
        No decision before and after.
    rows : int, optional
        Of a function: how many returns an asset must have to be held.
    study : dict, optional
        Other tables of a study, such as ``market``, ``clean`` or ``period``.

    Raises
    ------
    PolicyError
        For weights that are no portfolio. What the policy raises is raised as it is.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD", "QQQ"])
    >>> def equal(past, holdings):
    ...     return {name: 1 / len(past.eligible) for name in past.eligible}
    >>> done = wf.backtest(equal, prices, every="quarter", benchmark="SPY")
    >>> done.weights.shape[1]
    2

    """
    own = policy_of(policy, rows)
    made, found = prepared(study_of(every, costs, lag, first, last, study), {"prices": prices, **data})
    with found.folder() as folder, _progress(progress) as callback:
        assets = _native.assets(made._native, folder)
        adapter = Adapter(own, assets, found.library)
        memory = own.memory == "holdings"
        tables, _, complete = _native.backtest(made._native, folder, adapter, memory, own.rows, callback)
    name = type(own).__name__ if not isinstance(own, _Function) else own._function.__name__
    return Backtest(dict(tables), found, complete, name)
