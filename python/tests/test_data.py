"""Prices as users have them, and what is wrong with some."""

from __future__ import annotations

import numpy as np
import pytest
from support import STUDY

import walkfolio as wf

pd = pytest.importorskip("pandas")


def same(run, prices, **options):
    assert wf.run(STUDY, prices, **{"benchmark": "SPY", **options}).measures == run.measures


def test_prices_of_any_shape_are_the_same_prices(prices, run):
    same(run, prices.tz_localize("America/New_York"))
    same(
        run,
        prices.tz_localize("UTC")
        .tz_convert("Asia/Tokyo")
        .tz_localize(None)
        .tz_localize("Asia/Tokyo")
        .pipe(lambda frame: frame.set_axis(prices.index.tz_localize("Asia/Tokyo"))),
    )
    same(run, prices.set_axis(prices.index.date))
    same(run, prices.set_axis(prices.index.strftime("%Y-%m-%d")))
    same(run, prices.reset_index())
    same(run, prices.reset_index().rename(columns={prices.index.name or "index": "Date"}))
    same(run, prices.set_axis(pd.CategoricalIndex(prices.columns), axis=1))
    same(run, prices.astype(object))
    same(run, prices.set_axis(prices.index.to_period("D")))
    wide = pd.concat({"Close": prices, "Volume": prices * 0 + 1}, axis=1)
    same(run, wide)
    same(run, wide.swaplevel(axis=1).sort_index(axis=1)[[(n, f) for n in prices for f in ("Close", "Volume")]])
    same(run, prices.set_axis(prices.index + pd.Timedelta(hours=16)))


def test_float32_is_read_as_it_is(prices):
    single = prices.astype(np.float32)
    a = wf.run(STUDY, single, benchmark="SPY").measures
    assert a == wf.run(STUDY, single.astype(np.float64), benchmark="SPY").measures


def test_missing_values_at_the_ends_are_listings(prices):
    late = prices.copy()
    late.loc[:"2012-01-01", "XLE"] = np.nan
    found = wf.run(STUDY, late, benchmark="SPY")
    first = found.weights["XLE"].ne(0).idxmax()
    assert first > pd.Timestamp("2012-12-01")


def test_a_benchmark_of_its_own(prices, run):
    assets = prices.drop(columns="SPY")
    same(run, assets, benchmark=prices["SPY"])
    blend = wf.run(STUDY, prices, benchmark={"SPY": 0.6, "XLK": 0.4})
    assert blend.measures["tracking_error"] > 0


def test_arrow_and_polars_and_lazy_frames(prices, run):
    polars = pytest.importorskip("polars")
    own = polars.from_pandas(prices.reset_index())
    same(run, own)
    same(run, own.lazy())

    class Speaks:
        """Anything that speaks Arrow."""

        def __arrow_c_stream__(self, requested_schema=None):
            return own.__arrow_c_stream__(requested_schema)

    same(run, Speaks())
    nulls = own.with_columns(polars.when(polars.col("XLE") > 0).then(polars.col("XLE")))
    same(run, nulls)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda p: [1, 2, 3], "prices is a list, not a table"),
        (lambda p: "prices.csv", "no file or folder prices.csv"),
        (lambda p: 7, "prices is an int"),
        (lambda p: p.to_numpy(), "prices is a ndarray, not a table with dates|prices is an ndarray"),
        (lambda p: p.iloc[:0], "no rows"),
        (lambda p: p[[]], "no columns"),
        (lambda p: p.reset_index(drop=True), "has no dates: its index is"),
        (lambda p: pd.concat([p, p["XLE"]], axis=1), "two columns named XLE"),
        (lambda p: p.assign(note="text"), "column note of prices holds texts"),
        (lambda p: p.assign(flag=True), "column flag of prices holds bool"),
        (lambda p: p.iloc[::-1], "dates out of order"),
        (lambda p: pd.concat([p, p.iloc[-1:]]), "is there twice"),
        (lambda p: p * -1, "XL|negative|price"),
        (lambda p: p.assign(XLE=np.where(np.arange(len(p)) == 50, np.inf, p["XLE"])), "XLE"),
        (lambda p: p.assign(XLE=np.where(np.arange(len(p)) == 50, np.nan, p["XLE"])), "XLE"),
    ],
)
def test_bad_prices_are_told_in_words(prices, make, words):
    with pytest.raises(wf.WalkfolioError, match=words) as caught:
        wf.run(STUDY, make(prices), benchmark="SPY")
    text = str(caught.value)
    assert ".rs" not in text
    assert "panick" not in text
    assert "walkfolio-" not in text.replace("walkfolio-run", "")


def test_a_benchmark_that_is_not_there(prices):
    with pytest.raises(wf.DataError, match="MTUM is not a column of prices.*XLE"):
        wf.run(STUDY, prices, benchmark="MTUM")
    with pytest.raises(wf.DataError, match="no date in common"):
        wf.run(
            STUDY,
            prices.drop(columns="SPY"),
            benchmark=prices["SPY"].set_axis(prices.index + pd.Timedelta(days=9999)),
        )
    with pytest.raises(wf.WalkfolioError, match="benchmark"):
        wf.run(STUDY, prices)


def test_too_few_rows(prices):
    with pytest.raises(wf.WalkfolioError, match="252"):
        wf.run(STUDY, prices.iloc[:100], benchmark="SPY")


def test_data_is_checked_and_read(prices, tmp_path):
    report = wf.data.check(prices)
    assert len(report["coverage"]) == 4
    bad = prices.copy()
    bad.iloc[100, 0] *= 10
    found = wf.data.check(bad)
    assert len(found["findings"]) > len(report["findings"])
    prices.to_csv(tmp_path / "own.csv")
    again = wf.data.read(tmp_path / "own.csv")
    assert np.allclose(again[prices.columns], prices, rtol=1e-15)
    some = wf.data.read(tmp_path / "own.csv", assets=["SPY"])
    assert list(some.columns) == ["SPY"]


def test_the_sample_market_is_the_same_every_time():
    one, two = (wf.data.sample(["SPY"], seed=3) for _ in range(2))
    assert one.equals(two)
    assert not one.equals(wf.data.sample(["SPY"], seed=4))
