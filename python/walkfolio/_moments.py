"""Moments of returns through the engine's estimators."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from . import _frames, _native
from ._plain import plain
from .errors import DataError

Floats = _frames.Floats
Call = TypeVar("Call", bound=Callable[..., Any])

# What a typed object says of its window, with a study's default where it has one.
_WINDOW = re.compile(r"(\n    window :\n +Rows of the window)\.(\n\n +Default: `\d+`\.)?")


@dataclass(frozen=True)
class Input:
    """Returns as a market, and how moments go back."""

    market: Any
    names: list[str] | None
    library: str
    periods: float
    annual: bool

    def vector(self, values: Floats) -> Any:
        """One number for each asset."""
        if self.library == "pandas":
            import pandas

            return pandas.Series(values, index=self.names)
        return values

    def matrix(self, values: Floats) -> Any:
        """A number for each pair of assets."""
        square = values.reshape(int(len(values) ** 0.5), -1)
        if self.library == "pandas":
            import pandas

            return pandas.DataFrame(square, index=self.names, columns=self.names)
        return square


def market_of(
    returns: Any, benchmark: Any, factors: Any, periods_per_year: float | None, units: str
) -> tuple[Input, int]:
    """Returns as a market of prices that grew by them, with how many rows there are."""
    if units not in ("annual", "daily"):
        raise DataError(f"no units {units}", "annual or daily")
    dates, names, values, library = _returns(returns)
    rows, width = values.shape
    if rows == 0 or width == 0:
        raise DataError("returns are empty", None)
    if not np.isfinite(values).all():
        row, column = np.argwhere(~np.isfinite(values))[0]
        name = names[column] if names else f"column {column}"
        raise DataError(f"returns of {name} have a value missing in row {row}", "drop or fill it")
    if (values <= -1).any():
        raise DataError("a return is -100 % or less", "returns are fractions: 0.01 is 1 %")
    own = names or [f"asset {at}" for at in range(width)]
    base = dates[0] - np.timedelta64(1, "D")
    days = np.concatenate([[base], dates]).astype("datetime64[D]").astype(np.int64)
    grown = np.vstack([np.ones(width), np.cumprod(1 + values, axis=0)])
    extra: list[Any] = [None, None]
    if benchmark is not None:
        extra[0] = _benchmark(benchmark, own, rows)
    if factors is not None:
        extra[1] = _factors(factors, rows)
    content = np.asfortranarray(grown).tobytes(order="F")
    market = _native.Market(days.tobytes(), own, content, extra[0], extra[1], next=True)
    periods = periods_per_year
    if periods is None:
        periods = 252.0 if names is None and library == "numpy" else market.periods_per_year() or 252.0
    return Input(market, names, library, float(periods), units == "annual"), rows


def _returns(returns: Any) -> tuple[Any, list[str] | None, Floats, str]:
    library = _frames.library(returns)
    has_dates = library != "pandas" or _frames._is_dates(returns.index)
    if (library != "numpy" or isinstance(returns, dict)) and has_dates:
        table = _frames.table(returns, "returns")
        return table.dates, table.names, table.values, table.library
    values = _frames.numbers(returns, "returns")
    if values.ndim != 2:
        raise DataError(f"returns have {values.ndim} dimensions", "give one column for each asset")
    names = [str(name) for name in returns.columns] if library == "pandas" else None
    return _frames.weekdays(len(values)), names, values, library


def _benchmark(benchmark: Any, names: list[str], rows: int) -> tuple[str, bytes]:
    name = str(getattr(benchmark, "name", None) or "benchmark")
    values = _frames.numbers(np.squeeze(_frames.array(benchmark, "the benchmark")), "the benchmark")
    if values.shape != (rows,):
        raise DataError(f"the benchmark has {values.size} rows, the returns {rows}", None)
    return name, np.concatenate([[1.0], np.cumprod(1 + values)]).tobytes()


def _factors(factors: Any, rows: int) -> tuple[list[str], bytes]:
    if not hasattr(factors, "columns"):
        raise DataError("factors have no names", "give a DataFrame with one column for each, such as Mkt-RF, SMB, RF")
    frame = _frames.table(factors, "factors")
    if len(frame.values) != rows:
        raise DataError(f"factors have {len(frame.values)} rows, the returns {rows}", "join them by date first")
    rate = next((name for name in frame.names if name.upper() == "RF"), None)
    names = [name for name in frame.names if name != rate]
    rates = np.zeros(rows) if rate is None else frame.values[:, frame.names.index(rate)]
    own = frame.values[:, [frame.names.index(name) for name in names]]
    table = np.column_stack([own, rates])
    table = np.vstack([np.zeros(table.shape[1]), table])
    return [*names, "RF"], np.ascontiguousarray(table).tobytes()


def described(kind: type) -> Callable[[Call], Call]:
    """Give a function the text of the typed object with the same keys, which has it from the schema.

    The window is the one key whose default is another: a study's is a number, a function's all rows.
    """

    def text(function: Call) -> Call:
        own = (kind.__doc__ or "").replace("Attributes\n    ----------", "Parameters\n    ----------")
        function.__doc__ = _WINDOW.sub(r"\1; all rows unless it is given.", own)
        return function

    return text


def _asked(kind: str, given: dict[str, Any]) -> tuple[Input, str, int]:
    """What the arguments of an estimator's function ask for: the market, the study's table and the rows."""
    names = {"benchmark": "benchmark", "factor_returns": "factors", "periods_per_year": "periods_per_year"}
    own = {name: given.pop(key) for key, name in {**names, "units": "units"}.items()}
    found, rows = market_of(given.pop("returns"), **own)
    settings = {key.rstrip("_"): value for key, value in plain(given).items()}
    if "window" in given:
        settings.setdefault("window", rows)
    return found, json.dumps({"kind": kind, **settings}), rows


def covariance(kind: str, given: dict[str, Any]) -> Any:
    """The covariance of an estimator, from the arguments of its function."""
    found, choice, _ = _asked(kind, given)
    values = _native.covariance(found.market, choice, found.periods, found.annual)
    return found.matrix(np.frombuffer(values))


def expected_returns(kind: str, given: dict[str, Any]) -> Any:
    """The expected returns of a model, from the arguments of its function."""
    found, choice, rows = _asked(kind, given)
    default = json.dumps({"kind": "sample", "window": rows})
    values = _native.expected_returns(found.market, choice, default, found.periods, found.annual)
    return found.vector(np.frombuffer(values))
