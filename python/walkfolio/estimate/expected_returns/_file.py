"""Expected returns by `file`, made from the schema of studies by `scripts/generate.py`: do not edit."""

from __future__ import annotations

from typing import Any, Literal

from ... import _moments


def file(
    returns: Any,
    *,
    file: str,
    unit: Literal["fraction", "percent"],
    max_age: int | None = None,
    missing: Literal["error", "mean"] | None = None,
    per: Literal["year", "period"] | None = None,
    benchmark: Any = None,
    factor_returns: Any = None,
    periods_per_year: float | None = None,
    units: Literal["annual", "daily"] = "annual",
) -> Any:
    """Your own forecasts, by date and asset.

    The forecast of an asset is its newest one that is known at the last session before the decision,
    whatever day it speaks of: the date of a row is the day from which on anybody could have read it.

    Parameters
    ----------
    file :
        The forecasts, CSV or Parquet below the folder of the prices: `date, asset, forecast`, or a column
        of dates and one for each asset. An empty cell says nothing new.

        Example: `file = "forecasts.csv"`
    unit :
        The unit of the numbers in the file.
    max_age :
        An older forecast counts as missing; without it none is too old, and old ones are a warning.

        Unit: calendar days.

        Example: `max_age = 31`
    missing :
        What becomes of an eligible asset without a forecast.

        Default: `"error"`.
    per :
        The time that a forecast is for.

        Default: `"year"`.
    """
    settings = {"file": file, "unit": unit, "max_age": max_age, "missing": missing, "per": per}
    options = {
        "benchmark": benchmark,
        "factors": factor_returns,
        "periods_per_year": periods_per_year,
        "units": units,
    }
    return _moments.expected_returns("file", settings, False, returns, options)
