"""Tear sheets: the page of the program, from any series."""

from __future__ import annotations

import pickle
import subprocess

import numpy as np
import pytest

import walkfolio as wf

pd = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def daily(prices):
    """Returns by date, as users have them."""
    return prices.pct_change().iloc[1:].rename_axis("date")


def page(binary, folder, *options):
    """What `walkfolio tearsheet` writes."""
    command = [binary, "tearsheet", *options, "--out", "page.html"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return (folder / "page.html").read_bytes()


def test_the_page_is_that_of_the_program(binary, daily, tmp_path):
    for name in ("XLK", "SPY"):
        daily[name].to_csv(tmp_path / f"{name}.csv")
    same = ("--kind", "returns", "--benchmark-kind", "returns", "--risk-free", "0.02", "--name", "fund")
    wanted = page(binary, tmp_path, "XLK.csv", "--benchmark", "SPY.csv", *same)
    of_series = wf.stats.tearsheet(daily["XLK"], daily["SPY"], risk_free=0.02, name="fund")
    assert of_series.save(tmp_path / "own.html").read_bytes() == wanted
    options = {"kind": "returns", "benchmark_kind": "returns", "risk_free": 0.02, "name": "fund"}
    of_files = wf.stats.tearsheet(tmp_path / "XLK.csv", tmp_path / "SPY.csv", **options)
    assert of_files.html.encode() == wanted
    # What the numbers are is found out as there.
    assert wf.stats.tearsheet(tmp_path / "XLK.csv").html.encode() == page(binary, tmp_path, "XLK.csv")


def test_the_measures_are_those_of_the_series(daily):
    own, other = daily["XLK"], daily["SPY"]
    sheet = wf.stats.tearsheet(own, other)
    found = wf.stats.measures(own, other)
    for key in ("sharpe_ratio", "max_drawdown", "tracking_error", "beta", "cumulative_return"):
        assert sheet.measures[key] == pytest.approx(found[key], rel=1e-12), key
    assert sheet.measures.benchmark["volatility"] == pytest.approx(wf.stats.measures(other)["volatility"], rel=1e-12)
    assert pickle.loads(pickle.dumps(sheet)).html == sheet.html
    shown = sheet._repr_html_()
    assert "XLK" in shown
    assert "<svg" in shown
    assert "<script" not in shown


def test_every_form_of_a_series(daily):
    own, other = daily["XLK"], daily["SPY"]
    wanted = wf.stats.tearsheet(own, other).measures
    prices = (1 + own).cumprod().rename("XLK")
    first = pd.Series([1.0], index=[own.index[0] - pd.offsets.BDay(1)])
    polars = pytest.importorskip("polars")
    forms = [
        wf.stats.tearsheet(daily[["XLK", "SPY"]], "SPY"),
        wf.stats.tearsheet(daily, "SPY", column="XLK"),
        wf.stats.tearsheet(daily, daily, column="XLK", benchmark_column="SPY"),
        wf.stats.tearsheet(own.to_frame(), other.to_frame()),
        wf.stats.tearsheet(own * 100, other * 100, kind="percent", benchmark_kind="percent"),
        wf.stats.tearsheet(pd.concat([first, prices]).rename("XLK"), other, kind="prices"),
        wf.stats.tearsheet(polars.from_pandas(daily[["XLK", "SPY"]].reset_index()), "SPY"),
        wf.stats.tearsheet(own.to_numpy(), other.to_numpy(), dates=own.index, name="XLK"),
    ]
    for at, sheet in enumerate(forms):
        for key in ("sharpe_ratio", "max_drawdown", "tracking_error"):
            assert sheet.measures[key] == pytest.approx(wanted[key], rel=1e-9), (at, key)


def test_arrays_have_252_periods_a_year():
    noise = np.random.default_rng(3).normal(0, 0.01, 600)
    found = wf.stats.tearsheet(noise).measures["volatility"]
    assert found == pytest.approx(noise.std(ddof=1) * np.sqrt(252), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        ({"benchmark": "SPX"}, "the benchmark is 'SPX': there is no such file", "walkfolio.data.fetch gets prices"),
        ({"kind": "logs"}, "there is no kind 'logs' of series", "one of: returns, percent, prices"),
        ({"column": None}, "the returns holds 4 series and none is named: XLE, XLF, XLK, SPY", "column"),
        ({"column": "XXX"}, "the returns has no column XXX", "column"),
        ({"column": "XLE", "kind": "prices"}, "are above zero", 'give kind="returns", "percent" or "prices"'),
    ],
)
def test_what_is_wrong_is_said(daily, arguments, message, hint):
    with pytest.raises(wf.DataError) as caught:
        wf.stats.tearsheet(daily, **arguments)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert "walkfolio-" not in str(caught.value)


def test_what_could_be_either_is_asked(tmp_path):
    noise = np.random.default_rng(3).normal(0, 0.1, 300)
    days = pd.bdate_range("2020-01-01", periods=300, name="date")
    pd.Series(noise, index=days, name="fund").to_csv(tmp_path / "fund.csv")
    with pytest.raises(wf.DataError, match="may be fractions or percent") as caught:
        wf.stats.tearsheet(tmp_path / "fund.csv")
    assert caught.value.hint.startswith('give kind="returns" or kind="percent"')
