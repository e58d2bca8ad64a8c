"""One decision of a study for many accounts, on this machine or on an engine."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from . import _frames, _native
from ._engines import Options, Part, batches
from ._plain import plain
from ._progress import progress as _progress
from ._run import prepared
from ._sweep import Parts
from .errors import DataError, RunError

__all__ = ["AccountDecisions", "decide_accounts"]

Columns = dict[str, list[str]]

_SUMS = ("accounts", "trades", "failed", "orders", "equity", "traded", "cost")


class AccountDecisions:
    """What was decided for many accounts.

    Attributes
    ----------
    due : bool
        Whether the schedule asks for a decision; without ``force`` nothing is decided where it does not.

    """

    def __init__(self, found: dict[str, Any], tables: tuple[dict[str, Any], dict[str, Any]], library: str) -> None:
        self._found, self._tables, self._library = found, tables, library

    @property
    def due(self) -> bool:
        """Whether the schedule asks for a decision."""
        return bool(self._found["due"])

    @property
    def accounts(self) -> Any:
        """One row an account, by its name: status, worth, orders, turnover, risks, and why it failed where it did."""
        return _frames.frame(dict(self._tables[0]), self._library)

    @property
    def orders(self) -> Any:
        """One row an order: account, asset, side, shares, price, value and cost."""
        return _frames.frame(dict(self._tables[1]), self._library)

    def to_dict(self) -> dict[str, Any]:
        """Return the session, notes and sums."""
        return dict(self._found)

    def __repr__(self) -> str:
        if not self._tables[0]:
            return f"AccountDecisions(none is due on {self._found['date']}, next {self._found['next_due']})"
        parts = (f"{self._found[key]} {key}" for key in ("accounts", "trades", "failed", "orders"))
        return f"AccountDecisions({self._found['date']}, {', '.join(parts)})"


def _columns(data: Any, what: str) -> Columns:
    """A table of texts, from a file or a frame of any library."""
    if isinstance(data, (str, os.PathLike)):
        path = Path(data)
        if not path.is_file():
            raise DataError(f"there is no file {path}", f"check the path of {what}")
        if path.suffix != ".parquet":
            with path.open(newline="", encoding="utf-8-sig") as file:
                rows = list(csv.reader(file))
            return {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])} if rows else {}
        data = _frames.read(path.read_bytes())
    names = getattr(data, "column_names", None) or getattr(data, "columns", None)
    if not isinstance(data, Mapping) and names is None:
        raise DataError(f"{what} is a {type(data).__name__}, not a table", "give a DataFrame, or the path of a file")
    return {str(name): [_text(value) for value in data[name]] for name in (data if names is None else names)}


def _text(value: Any) -> str:
    value = value.as_py() if hasattr(value, "as_py") else plain(value)
    return "" if value is None or value != value else str(value)


def _file(path: Path, columns: Columns, rows: Iterable[int]) -> str:
    """Some rows as a file, each on the line that it has in the whole: errors name lines."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    wanted = set(rows)
    for row in range(len(next(iter(columns.values()), []))):
        if row in wanted:
            writer.writerow([values[row] for values in columns.values()])
        else:
            text.write("\n")
    path.write_text(text.getvalue(), encoding="utf-8")
    return str(path)


def _files(folder: str, tables: tuple[Columns, Columns], rows: Sequence[Iterable[int]]) -> tuple[str, str]:
    accounts, positions = (Path(folder) / name for name in ("accounts.csv", "positions.csv"))
    return _file(accounts, tables[0], rows[0]), _file(positions, tables[1], rows[1])


@dataclass
class Book:
    """What a worker does with the numbers of some accounts: decides for them, and gives the tables."""

    parts: Parts
    accounts: Columns
    positions: Columns
    names: list[str]
    trading: str

    def __call__(self, numbers: list[int]) -> list[Part]:
        self.parts.check()
        market = self.parts.market()
        wanted = {self.names[number] for number in numbers}
        with tempfile.TemporaryDirectory(prefix="walkfolio-") as folder:
            tables = (self.accounts, self.positions)
            rows = [[at for at, own in enumerate(table.get("account", [])) if own in wanted] for table in tables]
            files = _files(folder, tables, rows)
            out = Path(folder) / "out"
            native = self.parts.study._native
            found = json.loads(_native.decide_accounts(native, market.loaded, files, self.trading, os.fspath(out)))
            made = _read(out) if out.exists() else None
        return [(numbers[0], pickle.dumps((found, made))), *((number, None) for number in numbers[1:])]


def _trading(given: dict[str, Any]) -> str:
    methods = ("highest-cost", "fifo", "minimum-tax")
    if given["lot_method"] not in methods:
        raise DataError(f"no lot_method {given['lot_method']}", f"one of: {', '.join(methods)}")
    days = {key: None if given[key] is None else str(plain(given[key]))[:10] for key in ("on", "today")}
    quotes = sorted((str(name), float(price)) for name, price in (given["quotes"] or {}).items())
    return json.dumps({**given, **days, "quotes": quotes})


def decide_accounts(
    study: Any,
    accounts: Any,
    positions: Any,
    prices: Any = None,
    *,
    on: Any = None,
    date: Any = None,
    today: Any = None,
    max_age: int | None = None,
    force: bool = False,
    fractional: bool = False,
    lot: float | None = None,
    min_trade: float = 0.0,
    band: float = 0.0,
    band_risk: float | None = None,
    lot_method: str = "highest-cost",
    tax_rates: tuple[float, float] | None = None,
    quotes: Mapping[str, float] | None = None,
    batch: int | None = None,
    retries: int = 3,
    progress: Any = None,
    **data: Any,
) -> AccountDecisions:
    """Decide for many accounts of one study: orders that bring each to its target under its own limits.

    A row depends on its account alone: engine, batches and other accounts change no bit.

    Parameters
    ----------
    study : Study, str, path or dict
        As for `walkfolio.run`.
    accounts : DataFrame or path
        One row an account: ``account``, and ``cash``, ``exclude``, ``max_turnover``, ``max_gains``, ``as_of``.
    positions : DataFrame or path
        One row a position or lot: ``account``, ``ticker``, ``shares``, and ``cost_basis``, ``date``, ``min``, ``max``.
    prices : DataFrame or path, optional
        As for `walkfolio.run`, with its other data in ``**data``.
    on : optional
        Where it is done: as for `walkfolio.sweep`.
    date, today, max_age, force : optional
        The session, the next one after the data by default; the day of the clock, how many sessions old the data may
        be then; and whether to decide though the schedule does not ask for it.
    fractional, lot, min_trade, band, band_risk : optional
        Fractions of shares, or lots of so many; the least value of a trade; and bands in which nothing is traded, of
        each weight and of the tracking error a year from the target.
    lot_method, tax_rates : optional
        ``highest-cost``, ``fifo`` or ``minimum-tax``; rates of short and long terms.
    quotes : dict, optional
        Prices of now, in place of the last ones of the data.

    Examples
    --------
    >>> import walkfolio as wf
    >>> prices = wf.data.sample(["SPY", "GLD", "QQQ"])
    >>> study = {"objective": wf.TrackingError(window=252), "every": "month"}
    >>> accounts = {"account": ["A", "B"], "cash": [10_000, 500], "exclude": ["", "GLD"]}
    >>> positions = {"account": ["B"], "ticker": ["QQQ"], "shares": [20]}
    >>> wf.decide_accounts(study, accounts, positions, prices, benchmark="SPY", force=True).to_dict()["failed"]
    0

    """
    given = {"on": date, "today": today, "max_age": max_age, "force": force, "fractional": fractional, "lot": lot}
    given |= {"min_trade": min_trade, "band": band, "band_risk": band_risk, "lot_method": lot_method}
    trading = _trading({**given, "tax_rates": tax_rates, "quotes": quotes})
    made, found = prepared(study, {"prices": prices, **data})
    tables = _columns(accounts, "accounts"), _columns(positions, "positions")
    with (
        found.folder() as files,
        tempfile.TemporaryDirectory(prefix="walkfolio-") as folder,
        _progress(progress) as tell,
    ):
        own = _files(folder, tables, [range(len(next(iter(columns.values()), []))) for columns in tables])
        loaded = _native.load(made._native, files)
        if on is None:
            out = Path(folder) / "out"
            text = _native.decide_accounts(made._native, loaded, own, trading, os.fspath(out), tell)
            return _decided(json.loads(text), [_read(out)] if out.exists() else [], found.library)
        names = _native.account_names(own)
        key = _native.identity(made._native, loaded)
        book = Book(Parts(made, found, key, _native.build()), *tables, names, trading)
        return _spread(on, book, (batch, retries), found.library, tell)


def _spread(on: Any, book: Book, options: tuple[int | None, int], library: str, tell: Any) -> AccountDecisions:
    batch, retries = options
    done = 0
    whole: dict[int, tuple[dict[str, Any], tuple[bytes, bytes] | None]] = {}
    for made in batches(on, book, list(range(len(book.names))), Options(batch, 0.0, retries)):
        whole |= {number: pickle.loads(content) for number, content in made if content is not None}
        done += len(made)
        if tell is not None:
            tell(done, len(book.names))
    ordered = [whole[number] for number in sorted(whole)]
    if not ordered:
        raise RunError("there are no accounts", "give one row for each")
    found = ordered[0][0]
    if "accounts" in found:
        sums = {key: sum(part[key] for part, _ in ordered) for key in _SUMS}
        found = {**found, **sums, "hash": None, "files": None}
    return _decided(found, [tables for _, tables in ordered if tables is not None], library)


def _read(folder: Path) -> tuple[bytes, bytes]:
    return (folder / "accounts.parquet").read_bytes(), (folder / "orders.parquet").read_bytes()


def _decided(found: dict[str, Any], parts: list[tuple[bytes, bytes]], library: str) -> AccountDecisions:
    accounts, orders = (_joined([_frames.read(part[at]) for part in parts]) for at in (0, 1))
    return AccountDecisions(found, (accounts, orders), library)


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Tables one below the other."""
    names = parts[0] if parts else {}
    columns = {name: [part[name] for part in parts] for name in names}
    return {
        name: np.concatenate(values) if isinstance(values[0], np.ndarray) else [each for own in values for each in own]
        for name, values in columns.items()
    }
