"""What a study runs on: tables of the caller as files in a folder for as long as a call takes, or a folder of files."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from . import _frames
from ._plain import overrides
from .errors import DataError, WalkfolioError

_PRICES, _BENCHMARK, _FACTORS, _MEMBERS, _RATE = (
    "prices.parquet",
    "benchmark.parquet",
    "factors.csv",
    "members.csv",
    "risk_free.csv",
)


@dataclass
class Data:
    """The data of a call: files in memory, or the folder where they are."""

    place: str | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    library: str = "pandas"
    overrides: list[str] = field(default_factory=list)
    market: dict[str, Any] = field(default_factory=dict)

    @contextlib.contextmanager
    def folder(self) -> Iterator[str | None]:
        """The folder of the files, while it is needed."""
        if not self.files:
            yield self.place
            return
        import tempfile

        with tempfile.TemporaryDirectory(prefix="walkfolio-") as folder:
            for name, content in self.files.items():
                (Path(folder) / name).write_bytes(content)
            try:
                yield folder
            except WalkfolioError as error:
                # The caller gave tables, not files.
                for name in self.files:
                    error._rename(str(Path(folder) / name), name.partition(".")[0])
                raise


def _installed(*names: str) -> str:
    """The first library that is there."""
    import importlib.util

    return next((name for name in names if importlib.util.find_spec(name)), "numpy")


def of(
    prices: Any = None,
    benchmark: Any = None,
    factors: Any = None,
    members: Any = None,
    risk_free: Any = None,
    data: Any = None,
) -> Data:
    """The data of a call and the overrides that name them in its study."""
    if prices is None or isinstance(prices, (str, os.PathLike)):
        return _of_paths(prices, benchmark, data, (factors, members, risk_free))
    table = _frames.table(prices, "prices")
    found = Data(library=table.library)
    names = {"prices": _PRICES}
    found.files[_PRICES] = table.parquet()
    found.market["source"] = {"kind": "parquet"}
    if benchmark is not None:
        named = _benchmark(benchmark, table, found)
        found.market["benchmark"] = named
        if _BENCHMARK in found.files:
            names["benchmark"] = _BENCHMARK
    for value, name, key in ((factors, _FACTORS, "factors"), (members, _MEMBERS, "members")):
        if value is not None:
            found.files[name] = _csv(value, key)
            names[key] = name
    if risk_free is not None:
        _add_rate(risk_free, table, found)
    found.market["files"] = names
    found.overrides = overrides({f"market.{key}": value for key, value in found.market.items()})
    return found


def _of_paths(prices: Any, benchmark: Any, data: Any, others: tuple[Any, ...]) -> Data:
    if any(other is not None for other in others):
        raise DataError(
            "factors, members and rates are given as tables with prices as a table",
            "or name files in the study",
        )
    found = Data(place=None if data is None else os.fspath(data), library=_installed("pandas", "polars"))
    if prices is not None:
        path = Path(prices)
        if path.is_file():
            if data is not None:
                raise DataError("prices names a file, and data a folder", "give one of them")
            found.place = str(path.parent)
            found.market = {"source": {"kind": "csv"}, "files": {"prices": path.name}}
            if path.suffix == ".parquet":
                found.market["source"] = {"kind": "parquet"}
        elif path.is_dir():
            found.place = str(path)
        else:
            raise DataError(f"there is no file or folder {path}", "check the path")
    if benchmark is not None:
        if not isinstance(benchmark, (str, dict)):
            raise DataError("a benchmark as a series needs prices as a table", "or name a column of the prices")
        found.market["benchmark"] = benchmark
    found.overrides = overrides({f"market.{key}": value for key, value in found.market.items()})
    return found


def _benchmark(benchmark: Any, prices: _frames.Table, found: Data) -> Any:
    if isinstance(benchmark, str):
        if benchmark not in prices.names:
            near = ", ".join(prices.names[:12])
            raise DataError(f"the benchmark {benchmark} is not a column of prices", f"one of: {near}")
        return benchmark
    if isinstance(benchmark, dict) and all(isinstance(weight, (int, float)) for weight in benchmark.values()):
        return benchmark
    table = _frames.table(benchmark, "benchmark")
    if len(table.names) != 1:
        raise DataError(f"the benchmark has {len(table.names)} columns", "give one series of prices")
    name = table.names[0]
    if name in prices.names:
        name = f"{name} (benchmark)"
        table = _frames.Table(table.dates, [name], table.values, table.library)
    if not np.isin(table.dates, prices.dates).any():
        raise DataError("the benchmark has no date in common with prices", "check its index")
    found.files[_BENCHMARK] = table.parquet()
    return name


def _add_rate(rate: Any, prices: _frames.Table, found: Data) -> None:
    if isinstance(rate, (int, float)):
        found.market["risk_free"] = {"rate": float(rate), "unit": "annual"}
        return
    found.files[_RATE] = _csv(rate, "risk_free")
    found.market["risk_free"] = {"file": _RATE, "unit": "daily"}


def _csv(data: Any, what: str) -> bytes:
    if isinstance(data, (str, os.PathLike)):
        return Path(data).read_bytes()
    if what == "members":
        return _members(data)
    return _frames.table(data, what).csv()


def _members(data: Any) -> bytes:
    columns = {str(name): np.asarray(data[name]) for name in data.columns}
    lines = [",".join(columns)]
    for row in zip(*columns.values(), strict=True):
        lines.append(",".join("" if value is None or value != value else str(value)[:10] for value in row))
    return ("\n".join(lines) + "\n").encode()
