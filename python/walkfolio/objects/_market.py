"""The tables of `market`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from ._base import StudyObject

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, kw_only=True)
class MarketBenchmark(StudyObject):
    """Ticker of the benchmark, or a blend of several: a table of weights above 0 that sum to 1, whose
    tickers may be assets or not. A blend is a return series of prices that begins with its last part,
    named by its weights: `60 % SPY, 40 % AGG`.

    Example: `benchmark = { SPY = 0.6, AGG = 0.4, rebalanced = "month" }`

    Attributes
    ----------
    rebalanced :
        When the parts of a blend are brought back to their weights, without cost.

        Default: `"month"`.
    """

    rebalanced: Literal["month", "day", "never"] | None = None


@dataclass(frozen=True, kw_only=True)
class Csv(StudyObject):
    """How the cells of CSV price files are written, where the files do not show it.

    Of members and signals it decides what is open.

    Example: `csv = { date_order = "day_first", decimal = "," }`

    Attributes
    ----------
    date_format :
        How dates are written: `excel` (days since 1899-12-30), `epoch` or `epoch_ms` (seconds or
        milliseconds since 1970 in UTC), or a pattern of strftime.

        Example: `date_format = "%d.%m.%Y"`
    date_order :
        The order of day, month and year in dates such as 03/04/2024.

        Example: `date_order = "day_first"`
    decimal :
        The decimal separator of numbers.

        Example: `decimal = ","`
    delimiter :
        The character between two cells.

        Example: `delimiter = ";"`
    """

    date_format: str | None = None
    date_order: Literal["day_first", "month_first", "year_first"] | None = None
    decimal: Literal[".", ","] | None = None
    delimiter: Literal[",", ";", "tab", "|"] | None = None


@dataclass(frozen=True, kw_only=True)
class Currency(StudyObject):
    """Prices in several currencies, and the rates that bring them to one.

    The data check looks at prices as the files have them.

    Attributes
    ----------
    assets :
        The currency of each ticker whose prices are in another one, benchmark and parts of a blend
        included; `"GBp"` and `"GBX"` are pence, hundredths of a pound.

        Example: `assets = { "VOD.L" = "GBp", "SAP.DE" = "EUR" }`
    base :
        The currency that all prices are converted to before returns are made, an ISO 4217 code.

        What is not listed in `assets` is in it already.

        Example: `base = "USD"`
    rates :
        Exchange rates, a file in any layout of prices below the folder of the other files: units of the
        base per unit of the other currency, in columns such as `GBPUSD`, `GBPUSD=X` or `GBP`.

        Example: `rates = "fx.csv"`
    max_age :
        A price on a day without a rate is converted at the last one that is at most so many days older,
        never at a later one; how many there are is a warning. 5 by default.

        Unit: calendar days.

        Example: `max_age = 3`
    """

    assets: Mapping[str, str]
    base: str
    rates: str
    max_age: int | None = None


@dataclass(frozen=True, kw_only=True)
class Factors(StudyObject):
    """Factor returns to load, which include the risk-free rate: a model, `"french3"`, `"carhart4"`,
    `"french5"` or `"french6"`, or a table that also states the unit of files that are not of Ken
    French's library.

    Example: `factors = { model = "french3", unit = "percent" }`

    Attributes
    ----------
    model :
        The model: which factors are loaded.

        Files that lack one of them are an error that names it.
    unit :
        The unit of the returns in the files.

        It is percent in files of Ken French's library, and must be stated for any other.
    """

    model: Literal["french3", "carhart4", "french5", "french6"]
    unit: Literal["percent", "fraction"] | None = None


@dataclass(frozen=True, kw_only=True)
class Files(StudyObject):
    """Names of files, below the folder of the source or of `--data`.

    Attributes
    ----------
    prices :
        Adjusted closes: a file, a folder with one file per ticker, or a snapshot; or a list of these,
        joined by date. Each ticker must occur only once.

        Example: `prices = "mtum/prices.csv"`
    benchmark :
        Adjusted closes of the benchmark, if they are in another file.

        Example: `benchmark = "mtum/benchmark.csv"`
    benchmark_holdings :
        What the benchmark held, by date: `date, ticker, weight` or a column of dates and one a ticker, CSV
        or Parquet. Weights may be in any unit: they are scaled to sum to 1. Known from their date on, and
        held until the next. The tickers are those of `constituents`, or of the assets without that file.

        Example: `benchmark_holdings = "holdings.csv"`
    capitalizations :
        Market capitalizations by date of the constituents, or of the assets without them: `date, ticker,
        market_cap`, or a column of dates and one a ticker. Known from their date on.

        Example: `capitalizations = "capitalizations.csv"`
    closes :
        Closes that shares traded are multiplied by, in the layouts of `volumes`: adjusted for splits as the
        volumes are, and not for dividends. Without it they are the unadjusted closes of the price files,
        where these have some.

        Example: `closes = "mtum/close.csv"`
    constituents :
        Adjusted closes of what the benchmark is made of, in any layout of prices: names that are never
        traded here.

        Example: `constituents = "stocks.parquet"`
    factors :
        Factors: a file of the Ken French library of any region, raw text or zip, or a table whose first
        column holds dates and whose others are named in any order and spelling (`MKT-RF`, `mkt_rf`, `rf`);
        or a list of these, joined by date: momentum has a file of its own. Daily, or of the weeks or months
        that the prices step by. Rows are compounded over the interval of each return.

        Example: `factors = "french/F-F_Research_Data_Factors_daily_CSV.zip"`
    members :
        Members of an index by date, CSV: `date, ticker` (each date of the file lists all members) or
        `ticker, start, end`, with an optional column `delisting_return`. A decision may hold only the
        members of the last session before it.

        Example: `members = "members.csv"`
    volumes :
        Shares traded by session, for `costs.impact`: a column of dates and one a ticker, or `date, ticker,
        volume`, CSV or Parquet. Without it they are the column `volume` of the price files.

        Example: `volumes = "mtum/volumes.csv"`
    """

    prices: str | Sequence[str]
    benchmark: str | None = None
    benchmark_holdings: str | None = None
    capitalizations: str | None = None
    closes: str | None = None
    constituents: str | None = None
    factors: str | Sequence[str] | None = None
    members: str | None = None
    volumes: str | None = None


@dataclass(frozen=True, kw_only=True)
class RiskFree(StudyObject):
    """The risk-free rate of Sharpe ratios, excess returns and the attribution.

    It takes the place of RF of the factors there; factor models keep RF, over which their market return
    is made. Nothing is held in it.

    Attributes
    ----------
    per :
        The time that a rate is for.
    column :
        The column of the file; not needed where there is one, or one that is named RF.

        Example: `column = "DTB3"`
    file :
        A table whose first column holds dates, CSV, below the folder of the other files; a monthly one has
        `2024-03` there, or the last day. What it does not cover at its beginning and its end is not
        measured against cash; a hole inside is an error.

        Example: `file = "rf.csv"`
    rate :
        A constant rate, with a percent sign.

        Example: `rate = "2.5%"`
    unit :
        The unit of the numbers in the file, which needs it.
    """

    per: Literal["year", "period"]
    column: str | None = None
    file: str | None = None
    rate: str | float | None = None
    unit: Literal["percent", "fraction"] | None = None


@dataclass(frozen=True, kw_only=True)
class SampleSource(StudyObject):
    """The built-in synthetic market.

    Attributes
    ----------
    seed :
        Seed of the simulation.

        Unit: any.

        Example: `seed = 7`
    """

    _kind: ClassVar[str | None] = "sample"
    seed: int | None = None


@dataclass(frozen=True, kw_only=True)
class CsvSource(StudyObject):
    """CSV files or a vendor's response: wide, long, or a folder with one file per ticker.

    Attributes
    ----------
    dir :
        Folder of `market.files`, relative to the study file; the study's own folder by default.

        Example: `dir = "../prices"`
    layout :
        Layout of the price files; recognized by their headers by default.
    """

    _kind: ClassVar[str | None] = "csv"
    dir: str | None = None
    layout: Literal["wide", "long", "multi_header", "one_ticker", "yahoo_chart", "fred"] | None = None


@dataclass(frozen=True, kw_only=True)
class ParquetSource(StudyObject):
    """Parquet: wide, long, or a snapshot of `walkfolio fetch`.

    Attributes
    ----------
    dir :
        Folder of `market.files`, relative to the study file; the study's own folder by default.

        Example: `dir = "../prices"`
    layout :
        Layout of the price files; recognized by their headers by default.
    """

    _kind: ClassVar[str | None] = "parquet"
    dir: str | None = None
    layout: Literal["wide", "long", "multi_header", "one_ticker", "yahoo_chart", "fred"] | None = None


@dataclass(frozen=True, kw_only=True)
class Market(StudyObject):
    """Which prices, which assets, which benchmark.

    Attributes
    ----------
    assets :
        Tickers of the assets that may be held, in the order of all tables; `["*"]` means every ticker of
        the price file except the benchmark, sorted.

        Example: `assets = ["XLE", "XLF", "XLK"]`
    benchmark :
        Ticker of the benchmark, or a blend of several: a table of weights above 0 that sum to 1, whose
        tickers may be assets or not. A blend is a return series of prices that begins with its last part,
        named by its weights: `60 % SPY, 40 % AGG`.

        Example: `benchmark = { SPY = 0.6, AGG = 0.4, rebalanced = "month" }`
    calendar :
        Calendar of the price files: the exchange whose sessions the data check expects.

        Found from the dates by default; files of weeks or months follow none.

        Example: `calendar = "XLON"`
    csv :
        How the cells of CSV price files are written, where the files do not show it.

        Of members and signals it decides what is open.

        Example: `csv = { date_order = "day_first", decimal = "," }`
    currency :
        Prices in several currencies, and the rates that bring them to one.

        The data check looks at prices as the files have them.
    factors :
        Factor returns to load, which include the risk-free rate: a model, `"french3"`, `"carhart4"`,
        `"french5"` or `"french6"`, or a table that also states the unit of files that are not of Ken
        French's library.

        Example: `factors = { model = "french3", unit = "percent" }`
    files :
        Names of files, below the folder of the source or of `--data`.
    first :
        First date whose returns may be used.

        Example: `first = 2007-03-01`
    index :
        Computes the benchmark from the assets, under the name in `market.benchmark`.
    max_gap :
        Maximum gap in a price series.

        After a longer gap the series is a new asset (`AMD_2`): a ticker that was used again, or a member
        that left an index and came back. Without this key, a gap is an error.

        Unit: periods.

        Example: `max_gap = 20`
    max_late :
        A price series that ends at most so many rows before its file is late, not delisted: its last price
        is carried on, nothing is traded on it, and a warning says so; 5 by default. With 0 every such end
        is a delisting, and what is held is sold at the last price.

        Unit: periods.

        Example: `max_late = 0`
    risk_free :
        The risk-free rate of Sharpe ratios, excess returns and the attribution.

        It takes the place of RF of the factors there; factor models keep RF, over which their market return
        is made. Nothing is held in it.
    source :
        The source of prices.

        Without it the files of `market.files` are read, from the study's own folder or that of `--data`;
        without files it is the sample market.
    """

    assets: Sequence[str]
    benchmark: str | MarketBenchmark | Mapping[str, Any] | None = None
    calendar: Literal["XNYS", "XLON", "XETR", "XPAR", "XTKS", "XHKG", "24/7", "file"] | None = None
    csv: Csv | Mapping[str, Any] | None = None
    currency: Currency | Mapping[str, Any] | None = None
    factors: str | Factors | Mapping[str, Any] | None = None
    files: Files | Mapping[str, Any] | None = None
    first: str | datetime.date | None = None
    index: Literal["equal_weight"] | None = None
    max_gap: int | None = None
    max_late: int | None = None
    risk_free: RiskFree | Mapping[str, Any] | None = None
    source: SampleSource | Mapping[str, Any] | CsvSource | Mapping[str, Any] | ParquetSource | Mapping[str, Any] | None = None
