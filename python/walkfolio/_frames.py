"""Tables of any library to dates, names and numbers, and back in the library that they came in."""

from __future__ import annotations

import csv
import datetime
import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _native
from .errors import DataError

Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

_DATE_NAMES = ("date", "datetime", "time", "timestamp", "index", "__index_level_0__")


@dataclass(frozen=True)
class Table:
    """Numbers by date: ``values`` has a row for each date and a column for each name."""

    dates: Days
    names: list[str]
    values: Floats
    library: str

    def parquet(self) -> bytes:
        """As a Parquet file."""
        days = np.ascontiguousarray(self.dates.astype("datetime64[D]").astype(np.int64))
        columns = np.asfortranarray(self.values, dtype=np.float64).tobytes(order="F")
        return _native.write_table(days.tobytes(), self.names, columns)

    def csv(self) -> bytes:
        """As text: a column ``date``, and nothing where a value is missing."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["date", *self.names])
        for day, row in zip(self.dates, self.values, strict=True):
            writer.writerow([day, *("" if np.isnan(value) else repr(float(value)) for value in row)])
        return text.getvalue().encode()

    def column(self, name: str) -> Table:
        """One column."""
        at = self.names.index(name)
        return Table(self.dates, [name], self.values[:, at : at + 1], self.library)


def library(data: Any) -> str:
    """Which library a table belongs to: `pandas`, `polars`, `pyarrow` or `numpy`."""
    root = type(data).__module__.partition(".")[0]
    return root if root in ("pandas", "polars", "pyarrow") else "numpy"


def table(data: Any, what: str = "prices") -> Table:
    """A table of any library, checked: dates increase, names are unique, values are numbers."""
    if isinstance(data, Table):
        return data
    kind = library(data)
    if kind == "pandas":
        dates, names, columns = _of_pandas(data, what)
    elif kind == "polars":
        dates, names, columns = _of_columns(_polars(data), what)
    elif kind == "pyarrow":
        dates, names, columns = _of_columns({n: data.column(n).to_numpy() for n in _names(data)}, what)
    elif hasattr(data, "__arrow_c_stream__"):
        return table(_through_arrow(data, what), what)
    elif isinstance(data, dict):
        dates, names, columns = _of_columns({str(name): np.asarray(v) for name, v in data.items()}, what)
    else:
        hint = "give a DataFrame of pandas or polars, an Arrow table, or a dict of columns with `date`"
        raise DataError(f"{what} is {_article(data)}, not a table with dates", hint)
    return _checked(Table(_days(dates, what), names, _matrix(columns, names, what), kind), what)


def _article(data: Any) -> str:
    name = type(data).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _names(data: Any) -> list[str]:
    names = [str(name) for name in data.column_names]
    return names


def _polars(data: Any) -> dict[str, Any]:
    if type(data).__name__ == "LazyFrame":
        data = data.collect()
    if type(data).__name__ == "Series":
        raise DataError("a polars Series has no dates", "give a DataFrame with a column `date`")
    return {name: data[name].to_numpy() for name in data.columns}


def _through_arrow(data: Any, what: str) -> Any:
    """A table that speaks Arrow only, such as a DuckDB relation."""
    try:
        import pyarrow

        return pyarrow.table(data)
    except ImportError:
        pass
    try:
        import polars

        return polars.DataFrame(data)
    except ImportError:
        hint = "install pyarrow or polars, or convert it to a DataFrame"
        raise DataError(f"{what} is {_article(data)}, which is read through Arrow", hint) from None


def _of_pandas(data: Any, what: str) -> tuple[Any, list[str], list[Any]]:
    if type(data).__name__ == "Series":
        data = data.to_frame(str(data.name) if data.name is not None else "portfolio")
    if getattr(data.columns, "nlevels", 1) > 1:
        data = _flat(data, what)
    names = [str(name) for name in data.columns]
    index = data.index
    if not _is_dates(index):
        found = next((n for n in data.columns if str(n).lower() in _DATE_NAMES), None)
        if found is None:
            kind = str(index.dtype)
            hint = "set a DatetimeIndex, or add a column `date`"
            raise DataError(f"{what} has no dates: its index is {kind}", hint)
        names = [str(name) for name in data.columns if name != found]
        index, data = data[found], data[[name for name in data.columns if name != found]]
    columns = [data.iloc[:, at].to_numpy() for at in range(len(names))]
    return _clock(index), names, columns


def _flat(data: Any, what: str) -> Any:
    """The adjusted closes of a table whose columns are field and ticker, as downloads have them."""
    wanted = ("adj close", "adj_close", "adjclose", "close", "price")
    for level in range(data.columns.nlevels):
        fields = {str(value).lower(): value for value in data.columns.get_level_values(level)}
        field = next((fields[name] for name in wanted if name in fields), None)
        if field is not None:
            found = data.xs(field, axis=1, level=level)
            if getattr(found.columns, "nlevels", 1) == 1:
                return found
    levels = [str(name) for name in data.columns.names]
    hint = "select one field, such as df['Close']"
    raise DataError(f"{what} has columns of several levels {levels}, and none is a close", hint)


def _is_dates(index: Any) -> bool:
    kind = type(index).__name__
    if kind in ("DatetimeIndex", "PeriodIndex"):
        return True
    first = index[0] if len(index) and not hasattr(index, "iloc") else None
    return isinstance(first, (datetime.date, np.datetime64)) or _is_text_date(first)


def _is_text_date(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        datetime.date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _clock(index: Any) -> Any:
    """Dates of an index as its own clock shows them: a time zone does not move a session."""
    if type(index).__name__ == "PeriodIndex":
        index = index.to_timestamp(how="end")
    values = getattr(index, "dt", index)
    if getattr(values, "tz", None) is not None:
        index = values.tz_localize(None)
    return index.to_numpy()


def _of_columns(columns: dict[str, Any], what: str) -> tuple[Any, list[str], list[Any]]:
    found = next((name for name in columns if name.lower() in _DATE_NAMES), None)
    if found is None:
        found = next((name for name, values in columns.items() if values.dtype.kind == "M"), None)
    if found is None:
        raise DataError(f"{what} has no column of dates", "name it `date`")
    names = [name for name in columns if name != found]
    return columns[found], names, [columns[name] for name in names]


def _days(dates: Any, what: str) -> Days:
    values = np.asarray(dates)
    if values.dtype.kind != "M":
        try:
            values = np.array([_day(value) for value in values.tolist()], dtype="datetime64[D]")
        except (ValueError, TypeError):
            raise DataError(f"{what} has a date that is none: {values[:1].tolist()}", "write 2024-01-31") from None
    days: Days = values.astype("datetime64[D]")
    if np.isnat(days).any():
        raise DataError(f"{what} has a row without a date", "remove it")
    return days


def _day(value: Any) -> str:
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.strftime("%Y-%m-%d")
    return datetime.date.fromisoformat(str(value)[:10]).isoformat()


def _matrix(columns: list[Any], names: list[str], what: str) -> Floats:
    rows = len(columns[0]) if columns else 0
    values = np.empty((rows, len(columns)), dtype=np.float64, order="F")
    for at, (name, column) in enumerate(zip(names, columns, strict=True)):
        values[:, at] = numbers(column, f"column {name} of {what}")
    return values


def array(data: Any, what: str) -> Any:
    """An array of any library's values."""
    if hasattr(data, "to_numpy"):
        return data.to_numpy()
    try:
        return np.asarray(data)
    except ValueError:
        raise DataError(f"{what} has rows of different lengths", "give one value for each row and column") from None


def numbers(values: Any, what: str) -> Floats:
    """Numbers as doubles; what is missing, in any library's way, is NaN."""
    found = array(values, what)
    if found.dtype.kind in "fiu":
        doubles: Floats = found.astype(np.float64)
        return doubles
    if found.dtype.kind == "O":
        try:
            plain = [np.nan if value is None or value is _pandas_na(value) else float(value) for value in found.ravel()]
            if not any(isinstance(value, (str, bool)) for value in found.ravel()):
                return np.array(plain, dtype=np.float64).reshape(found.shape)
        except (TypeError, ValueError):
            pass
    kind = "texts" if found.dtype.kind in "OUS" else str(found.dtype)
    raise DataError(f"{what} holds {kind}, not numbers", "convert it to floats, or leave it out")


def _pandas_na(value: Any) -> Any:
    """`pandas.NA`, without pandas: it is the only value of its type."""
    return value if type(value).__name__ == "NAType" else ...


def _checked(found: Table, what: str) -> Table:
    if not found.names:
        raise DataError(f"{what} has no columns besides its dates", "add one for each asset")
    if len(found.dates) == 0:
        raise DataError(f"{what} has no rows", None)
    twice = next((name for at, name in enumerate(found.names) if name in found.names[:at]), None)
    if twice is not None:
        raise DataError(f"{what} has two columns named {twice}", "rename one of them")
    step = np.diff(found.dates.astype(np.int64))
    if (step <= 0).any():
        at = int(np.argmax(step <= 0)) + 1
        before, day = found.dates[at - 1], found.dates[at]
        why = "is there twice" if before == day else f"comes after {before}"
        raise DataError(f"{what} has dates out of order: {day} {why}", "sort by date, and keep one row a date")
    return found


def weekdays(count: int) -> Days:
    """Dates of rows without dates: Mondays to Fridays."""
    found: Days = np.busday_offset(np.datetime64("2000-01-03", "D"), np.arange(count)).astype("datetime64[D]")
    return found


def frame(columns: dict[str, Any], library: str, index: str | None = None) -> Any:
    """Columns as a table of a library; ``index`` becomes the index in pandas."""
    if library == "pandas":
        import pandas

        made = pandas.DataFrame(columns)
        return made.set_index(index) if index else made
    if library == "polars":
        import polars

        return polars.DataFrame(columns)
    if library == "pyarrow":
        import pyarrow

        return pyarrow.table(columns)
    return columns


def read(data: bytes) -> dict[str, Any]:
    """The columns of a Parquet file."""
    columns: dict[str, Any] = {}
    for name, kind, values in _native.read_table(data):
        if kind == "number":
            columns[name] = np.frombuffer(values, dtype=np.float64)
        elif kind == "integer":
            columns[name] = np.frombuffer(values, dtype=np.int64)
        elif kind == "day":
            columns[name] = np.frombuffer(values, dtype=np.int64).astype("datetime64[D]").astype("datetime64[ms]")
        else:
            columns[name] = values
    return columns
