"""Measures of `walkfolio tearsheet` against quantstats and empyrical, on twenty series.

    peers.py PROGRAM DATA

Every measure that is defined alike must agree to 1e-12, as a fraction of the value or absolutely where that is
below one. Those that are defined otherwise are listed with their reason and the largest difference.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import empyrical
import numpy as np
import pandas as pd
import quantstats as qs

AGREE = 1e-12
PERIOD = {252: "daily", 52: "weekly", 12: "monthly"}


def alike(r, b, year):
    """Measures that quantstats or empyrical define as Walkfolio does, by key: name of the function, value."""
    period = PERIOD[year]
    active = r - b
    root = np.sqrt(year)
    yield "cumulative_return", "qs.comp", qs.stats.comp(r)
    yield "cumulative_return", "empyrical.cum_returns_final", empyrical.cum_returns_final(r)
    yield "annual_return", "empyrical.annual_return", empyrical.annual_return(r, period)
    yield "benchmark_annual_return", "empyrical.annual_return", empyrical.annual_return(b, period)
    yield "volatility", "qs.volatility", qs.stats.volatility(r, year)
    yield "volatility", "empyrical.annual_volatility", empyrical.annual_volatility(r, period)
    yield "sharpe_ratio", "qs.sharpe", qs.stats.sharpe(r, periods=year)
    yield "sharpe_ratio", "empyrical.sharpe_ratio", empyrical.sharpe_ratio(r, period=period)
    yield "sortino_ratio", "qs.sortino", qs.stats.sortino(r, periods=year)
    yield "sortino_ratio", "empyrical.sortino_ratio", empyrical.sortino_ratio(r, period=period)
    yield "calmar_ratio", "empyrical.calmar_ratio", empyrical.calmar_ratio(r, period=period)
    yield "max_drawdown", "qs.max_drawdown", qs.stats.max_drawdown(r)
    yield "max_drawdown", "empyrical.max_drawdown", empyrical.max_drawdown(r)
    yield "min_return", "qs.worst", qs.stats.worst(r)
    yield "max_return", "qs.best", qs.stats.best(r)
    yield "var_95", "empyrical.value_at_risk, negative", -empyrical.value_at_risk(r, 0.05)
    yield "information_ratio", "qs.information_ratio, times the root of a year", qs.stats.information_ratio(r, b) * root
    yield "information_ratio", "empyrical.excess_sharpe, times the root of a year", empyrical.excess_sharpe(r, b) * root
    yield "tracking_error", "empyrical.annual_volatility of active returns", empyrical.annual_volatility(active, period)
    yield "excess_return_annual", "numpy", active.mean() * year
    yield "beta", "qs.greeks", qs.stats.greeks(r, b, year)["beta"]
    yield "beta", "empyrical.beta", empyrical.beta(r, b)
    yield "alpha_annual", "qs.greeks", qs.stats.greeks(r, b, year)["alpha"]
    yield "r_squared", "qs.r_squared", qs.stats.r_squared(r, b)


def otherwise(r, b, year):
    """Measures that are called alike and defined otherwise: key, function, value, the reason."""
    period = PERIOD[year]
    yield "annual_return", "qs.cagr", qs.stats.cagr(r, periods=year), "its exponent is of calendar years or of n - 1 periods, ours of n"
    yield "skewness", "qs.skew", qs.stats.skew(r), "corrected for bias by n; ours is the moment ratio itself"
    yield "excess_kurtosis", "qs.kurtosis", qs.stats.kurtosis(r), "corrected for bias by n; ours is the moment ratio itself"
    yield "var_95", "qs.value_at_risk, negative", -qs.stats.value_at_risk(r), "the quantile of a normal distribution; ours is of the returns"
    yield "cvar_95", "qs.cvar, negative", -qs.stats.cvar(r), "the mean beyond its normal quantile; ours beyond that of the returns"
    yield "cvar_95", "empyrical.conditional_value_at_risk, negative", -empyrical.conditional_value_at_risk(r, 0.05), "the mean of the int(5 % of n) + 1 worst; ours of all that are not above the interpolated quantile"
    yield "ulcer_index", "qs.ulcer_index", qs.stats.ulcer_index(r), "divides by n - 1; a drawdown has no mean to be estimated, so that ours divides by n (Martin & McCann 1989)"
    yield "alpha_annual", "empyrical.alpha", empyrical.alpha(r, b, period=period), "compounds the alpha of a period; ours is a period's times the periods of a year (Jensen 1968)"


def tables(r, b, year, found):
    """The tables of the page: trailing returns, calendar, drawdowns, capture."""
    last = r.index[-1]
    starts = {"month": last.replace(day=1), "year": last.replace(month=1, day=1)}
    trailing = {row["key"]: row for row in found["track"]["trailing"]}
    for key, start in starts.items():
        if key in trailing:
            yield f"trailing {key}", "qs.comp", trailing[key]["own"], qs.stats.comp(r[r.index >= start])
    calendar = found["calendar"]
    for year_of, line in zip(calendar["years"], calendar["own"]):
        own = r[r.index.year == year_of]
        yield f"calendar {year_of}", "qs.comp", line[12], qs.stats.comp(own)
        for month in range(12):
            part = own[own.index.month == month + 1]
            if len(part) > 0:
                yield f"calendar {year_of}-{month + 1}", "qs.comp", line[month], qs.stats.comp(part)
    for at, value in enumerate(worst(r)):
        yield f"drawdown {at + 1}", "pandas", found["track"]["drawdowns"][at]["depth"], value
    capture = found["track"]["capture"]
    months = lambda series: empyrical.aggregate_returns(series, "monthly")
    if year == 252:
        own, other = months(r), months(b)
        yield "up capture", "empyrical.up_capture", capture["up"], empyrical.up_capture(own, other, period="monthly")
        yield "down capture", "empyrical.down_capture", capture["down"], empyrical.down_capture(own, other, period="monthly")


def worst(r):
    """The depths of the ten worst drawdowns, by a loop that shares nothing with ours."""
    wealth = np.concatenate([[1.0], np.cumprod(1.0 + r.to_numpy())])
    depth = wealth / np.maximum.accumulate(wealth) - 1.0
    spells, low = [], 0.0
    for value in depth:
        if value == 0.0:
            spells.append(low)
            low = 0.0
        low = min(low, value)
    spells.append(low)
    return sorted(value for value in spells if value < 0.0)[:10]


def series(data):
    """Twenty series with their benchmark: prices and returns, daily, weekly and monthly."""
    prices = pd.read_csv(data / "mtum" / "prices.csv", index_col=0, parse_dates=True)
    benchmark = prices["MTUM"].dropna()
    names = [name for name in prices.columns if name != "MTUM"][:11]
    for name in names:
        both = pd.concat([prices[name], benchmark], axis=1, keys=["own", "other"]).dropna()
        yield f"{name}-daily", both, "prices", 252
    for name, rule, year in [(n, r, y) for n in names[:3] for r, y in [("W-FRI", 52), ("ME", 12)]]:
        both = pd.concat([prices[name], benchmark], axis=1, keys=["own", "other"]).dropna()
        yield f"{name}-{rule}", both.resample(rule).last().dropna(), "prices", year
    for name in names[3:6]:
        both = pd.concat([prices[name], benchmark], axis=1, keys=["own", "other"]).dropna()
        yield f"{name}-returns", both.pct_change().dropna(), "returns", 252


def main():
    program, data = sys.argv[1], Path(sys.argv[2])
    failures, taken, counted, compared = [], [], 0, {}
    apart = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for name, both, kind, year in series(data):
            for column in both.columns:
                both[[column]].to_csv(folder / f"{column}.csv", index_label="date", float_format="%.17g")
            command = [program, "tearsheet", folder / "own.csv", "--benchmark", folder / "other.csv", "--json"]
            started = time.perf_counter()
            printed = subprocess.run([*command, "--out", folder / "page.html"], capture_output=True, text=True, check=True)
            taken.append(time.perf_counter() - started)
            found = json.loads(printed.stdout)
            returns = both.pct_change().dropna() if kind == "prices" else both
            r, b = returns["own"], returns["other"]
            counted += 1
            rows = [(key, other, found["measures"][key], value) for key, other, value in alike(r, b, year)]
            for key, other, own, value in [*rows, *tables(r, b, year, found)]:
                error = abs(own - value) / max(1.0, abs(value))
                what = (key if key[0] in "abcdefghijklmnopqrstuvwxyz" and " " not in key else key.split(" ")[0], other)
                compared[what] = max(compared.get(what, 0.0), error)
                if not error <= AGREE:
                    failures.append(f"{name}: {key} is {own!r}, by {other} {value!r}")
            for key, other, value, reason in otherwise(r, b, year):
                error = abs(found["measures"][key] - value)
                apart[(key, other, reason)] = max(apart.get((key, other, reason), 0.0), error)
    print(f"{counted} series, {len(compared)} comparisons each; the slowest page took {1e3 * max(taken):.0f} ms")
    for (key, other), error in compared.items():
        print(f"alike       {key:24} {other:48} {error:.1e}")
    for (key, other, reason), error in apart.items():
        print(f"otherwise   {key:24} {other:48} {error:.1e}  {reason}")
    for failure in failures:
        print(f"DIFFERS     {failure}")
    sys.exit(1 if failures or counted < 20 else 0)


if __name__ == "__main__":
    main()
