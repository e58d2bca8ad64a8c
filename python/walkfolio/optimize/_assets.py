"""Moments and returns of a problem: checked numbers, with the names of their assets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .. import _frames
from ..errors import DataError

Floats = _frames.Floats


@dataclass(frozen=True)
class Assets:
    """The names of the assets, where they have some, and the library that they came in."""

    names: list[str] | None
    library: str
    count: int

    def position(self, name: Any) -> int:
        if isinstance(name, (int, np.integer)) and not isinstance(name, bool):
            if not 0 <= int(name) < self.count:
                raise DataError(f"there is no asset {name}", f"assets are 0 to {self.count - 1}")
            return int(name)
        if self.names is None or str(name) not in self.names:
            known = ", ".join(self.names[:12]) if self.names else "give moments as a DataFrame"
            raise DataError(f"{name} is not one of the assets", f"one of: {known}" if self.names else known)
        return self.names.index(str(name))

    def weights(self, values: Floats) -> Any:
        if self.library == "pandas":
            import pandas

            return pandas.Series(values, index=self.names, name="weight")
        return values if self.names is None else dict(zip(self.names, values.tolist(), strict=True))

    def vector(self, values: Any, what: str) -> Floats:
        """One number for each asset, by name where it has names."""
        if isinstance(values, Mapping):
            found = np.zeros(self.count)
            for name, value in values.items():
                found[self.position(name)] = value
            return found
        if self.names is not None and hasattr(values, "index") and hasattr(values, "reindex"):
            own = [str(name) for name in values.index]
            if sorted(own) != sorted(self.names):
                missing = [name for name in self.names if name not in own]
                raise DataError(
                    f"{what} has another index than the assets: {missing[:5] or own[:5]}",
                    "use the same names",
                )
            values = values.to_numpy()[[own.index(name) for name in self.names]]
        found = _frames.numbers(values, what)
        if found.shape != (self.count,):
            raise DataError(f"{what} has shape {found.shape}, there are {self.count} assets", None)
        return finite(found, what)


def finite(values: Floats, what: str) -> Floats:
    if not np.isfinite(values).all():
        count = int((~np.isfinite(values)).sum())
        raise DataError(f"{what} has {count} values that are missing or not finite", "drop or fill them")
    return values


def names_of(data: Any) -> list[str] | None:
    if hasattr(data, "columns") and not callable(data.columns):
        return [str(name) for name in data.columns if str(name).lower() not in _frames._DATE_NAMES]
    index = getattr(data, "index", None)
    if index is not None and hasattr(index, "dtype") and not callable(index):
        return [str(name) for name in index]
    return None


def _distinct(names: list[str], what: str) -> None:
    if len(set(names)) < len(names):
        twice = next(name for at, name in enumerate(names) if name in names[:at])
        raise DataError(f"{what} has two columns named {twice}", "drop or rename one of them")


def matrix(data: Any, what: str) -> tuple[Floats, list[str] | None]:
    names = names_of(data)
    _distinct(names or [], what)
    if _frames.library(data) == "polars":
        data = data.select(names)
    values = _frames.numbers(data, what)
    if values.ndim != 2 or 0 in values.shape:
        raise DataError(f"{what} has shape {values.shape}, not a row and a column for each asset", "give a matrix")
    return finite(np.ascontiguousarray(values), what), names


def covariance(sigma: Any) -> tuple[Floats, Assets]:
    values, names = matrix(sigma, "sigma")
    if values.shape[0] != values.shape[1]:
        raise DataError(f"sigma has shape {values.shape}: a covariance is square", None)
    index = getattr(sigma, "index", None)
    if names is not None and index is not None and [str(name) for name in index] != names:
        raise DataError("sigma has other names in its rows than in its columns", "give both the same order")
    return values, Assets(names, _frames.library(sigma), len(values))


def scenarios(returns: Any) -> tuple[Floats, Assets]:
    values, names = matrix(returns, "returns")
    return values, Assets(names, _frames.library(returns), values.shape[1])
