"""A policy that is built anew for each decision of an audit, from prices whose future is falsified."""

from __future__ import annotations

import datetime
import functools
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from . import _frames
from .errors import DataError, PolicyError
from .policy import Past, Policy

# Changes the numbers of a column, whose place among the others it is told.
_Change = Callable[[_frames.Floats, int], _frames.Floats]


def is_recipe(policy: Any) -> bool:
    """Whether it is no policy yet, but makes one: a class, or one with some of its arguments."""
    made = policy.func if isinstance(policy, functools.partial) else policy
    return isinstance(made, type) and issubclass(made, Policy)


class Rebuilt(Policy):
    """What a class decides: the first time it is asked for a date on the prices, then on falsified ones."""

    def __init__(self, recipe: Any, prices: Any) -> None:
        self._recipe, self._prices = recipe, prices
        self._takes_prices = _takes_prices(recipe)
        if self._takes_prices:
            self._dates = _dates(prices, recipe)
        self._first = self._built(lambda values, _: values.copy())
        self._stands_for = type(self._first).__name__
        self.memory, self.rows = self._first.memory, self._first.rows
        self._asked: dict[datetime.date, int] = {}

    def decide(self, past: Past, holdings: dict[str, float]) -> Any:
        times = self._asked.get(past.date, 0)
        self._asked[past.date] = times + 1
        policy = self._first if times == 0 else self._built(self._attack(past.date, times))
        return policy.decide(past, holdings)

    def _built(self, change: _Change) -> Policy:
        made: Policy = self._recipe(prices=_rewritten(self._prices, change)) if self._takes_prices else self._recipe()
        return made

    def _attack(self, date: datetime.date, times: int) -> _Change:
        """Wild prices from the decision's session on the first time, and none the second."""
        day = np.datetime64(date, "D")

        def change(values: _frames.Floats, place: int) -> _frames.Floats:
            later = self._dates >= day
            wild = np.random.default_rng([int(day.astype(np.int64)) % 2**32, place])
            factors = np.exp(wild.normal(size=int(later.sum()))) if times == 1 else np.nan
            changed = values.copy()
            changed[later] *= factors
            return changed

        return change


def _takes_prices(recipe: Any) -> bool:
    given = inspect.signature(recipe).parameters
    bare = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    for name, each in given.items():
        if name != "prices" and each.default is each.empty and each.kind not in bare:
            what = f"the class of the policy needs {name}: an audit builds it anew, from `prices` at most"
            raise PolicyError(what, f"give {name} with functools.partial")
    return "prices" in given


def _dates(prices: Any, recipe: Any) -> _frames.Days:
    try:
        return _frames.table(prices).dates
    except DataError as error:
        what = f"the policy {getattr(recipe, '__name__', 'given')} is built from prices, which are no table here"
        raise PolicyError(what, "give prices as a DataFrame: their future is falsified in it") from error


def _rewritten(prices: Any, change: _Change) -> Any:
    """The same table, of the same library, with other numbers."""
    kind = _frames.library(prices)
    if kind == "pandas":
        return _of_pandas(prices, change)
    if kind == "polars":
        import polars

        prices = prices.lazy().collect()
        return prices.with_columns([polars.Series(n, v) for n, v in _columns(dict(prices.to_dict()), change).items()])
    if isinstance(prices, dict):
        return {**prices, **_columns(prices, change)}
    import pyarrow

    found = pyarrow.table(prices)
    columns = {name: found.column(name) for name in found.column_names}
    return pyarrow.table({**columns, **_columns({n: c.to_numpy() for n, c in columns.items()}, change)})


def _columns(columns: dict[str, Any], change: _Change) -> dict[str, _frames.Floats]:
    """Its columns of prices, changed."""
    names = _frames.table({name: _frames.array(values, name) for name, values in columns.items()}).names
    return {name: change(_frames.numbers(columns[name], name), place) for place, name in enumerate(names)}


def _of_pandas(prices: Any, change: _Change) -> Any:
    """By place: names may be of several levels, and any column of numbers may be what a policy reads."""
    import pandas

    one = prices.to_frame() if prices.ndim == 1 else prices
    clock = () if _frames._is_dates(one.index) else _frames._DATE_NAMES
    columns = {}
    for place, name in enumerate(one.columns):
        column = one.iloc[:, place]
        if str(name).lower() in clock:
            clock = ()  # The dates are in the first of them.
        elif not pandas.api.types.is_datetime64_any_dtype(column):
            column = pandas.Series(change(_frames.numbers(column, str(name)), place), index=one.index)
        columns[place] = column
    made = pandas.DataFrame(columns, index=one.index)
    made.columns = one.columns
    made.attrs = dict(one.attrs)
    return made.iloc[:, 0] if prices.ndim == 1 else made
