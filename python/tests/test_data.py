"""Prices as users have them, and what is wrong with some."""

from __future__ import annotations

import http.server
import json
import threading
from typing import ClassVar

import numpy as np
import pytest
from support import STUDY

import walkfolio as wf

pd = pytest.importorskip("pandas")
MARKET = {"assets": ["AAA", "BBB"], "source": {"kind": "csv"}, "files": {"prices": "prices.csv"}}
COV = {"kind": "sample", "window": 63}


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


class Vendor(http.server.BaseHTTPRequestHandler):
    """Yahoo's chart service on loopback: two tickers, and none else."""

    asked: ClassVar[list[str]] = []
    days: ClassVar[int] = 300

    def do_GET(self):
        name = self.path.split("/chart/")[1].partition("?")[0]
        self.asked.append(name)
        if name not in ("AAA", "BBB"):
            self.send_error(404)
            return
        days = [day for day in range(19_724, 19_724 + self.days) if (day + 3) % 7 < 5]
        closes = [100 + (day % 50) * (1 if name == "AAA" else 0.5) for day in days]
        quote = {"quote": [{"close": closes}], "adjclose": [{"adjclose": closes}]}
        meta = {"symbol": name, "currency": "USD", "gmtoffset": -18000}
        stamps = [day * 86_400 + 52_200 for day in days]
        body = {"chart": {"result": [{"meta": meta, "timestamp": stamps, "indicators": quote}], "error": None}}
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def vendor():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Vendor)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    Vendor.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_prices_are_fetched_into_a_snapshot(vendor, tmp_path):
    seen = []
    found = wf.data.fetch(["AAA", "BBB"], tmp_path, base_url=vendor, progress=lambda *counts: seen.append(counts))
    assert [(one["name"], one["added"]) for one in found] == [("AAA", 214), ("BBB", 214)]
    table = wf.data.read(tmp_path)
    assert list(table.columns) == ["AAA", "BBB"]
    assert len(table) == 214
    # What is there is kept.
    assert [one["added"] for one in wf.data.fetch(["AAA"], tmp_path, base_url=vendor)] == [0]
    study = {"market": MARKET, "every": "month", "covariance": COV}
    made = wf.Study({**study, "objective": wf.MinimumVariance()})
    again = wf.data.fetch(made, tmp_path / "other", base_url=vendor)
    assert [one["name"] for one in again] == ["AAA", "BBB"]
    assert wf.run(made, data=tmp_path / "other").manifest["decisions"] > 3


def test_what_cannot_be_fetched_is_said(vendor, tmp_path):
    found = wf.data.fetch(["AAA", "NONE"], tmp_path, base_url=vendor, tries=1)
    assert found[0]["added"] == 214
    assert "404" in found[1]["error"]
    with pytest.raises(wf.DataError, match="nothing to fetch"):
        wf.data.fetch([], tmp_path)
    with pytest.raises(wf.DataError, match="no vendor bloomberg.*yahoo, stooq, french"):
        wf.data.fetch(["AAA"], tmp_path, source="bloomberg")
    with pytest.raises(wf.DataError, match="there is no file or folder"):
        wf.data.read(tmp_path / "nowhere")


BAD = {
    "a list": lambda r: [1, 2, 3],
    "a string": lambda r: "returns",
    "an empty frame": lambda r: r.iloc[:0],
    "no columns": lambda r: r[[]],
    "texts": lambda r: r.assign(note="text"),
    "a missing value": lambda r: r.mask(np.arange(r.size).reshape(r.shape) == 7),
    "an infinity": lambda r: r.assign(XLE=np.inf),
    "one dimension": lambda r: r["XLE"],
    "nothing": lambda r: None,
}
CALLS = {
    "minimum CVaR": lambda x: wf.optimize.min_cvar(x),
    "a covariance": lambda x: wf.estimate.covariance.ledoit_wolf(x),
    "means": lambda x: wf.estimate.expected_returns.james_stein(x),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("call", CALLS)
def test_bad_returns_are_told_in_words(returns, what, call):
    if what == "one dimension" and call != "minimum CVaR":
        pytest.skip("a series is one asset where moments are estimated")
    with pytest.raises((wf.DataError, ValueError)) as caught:
        CALLS[call](BAD[what](returns))
    told(caught.value)


def test_series_with_another_index(returns):
    own = returns["SPY"]
    other = own.set_axis(own.index + pd.Timedelta(days=1))
    with pytest.raises(wf.DataError, match="another index"):
        wf.optimize.track(returns.drop(columns="SPY"), other)
    with pytest.raises(wf.DataError, match="another index"):
        wf.optimize.mean_variance(pd.Series([1.0, 2, 3], index=["a", "b", "c"]), returns.iloc[:, :3].cov())
    with pytest.raises(wf.DataError, match="MTUM is not a column of returns.*XLE"):
        wf.optimize.track(returns, "MTUM")
    doubled = pd.concat([returns, returns["XLE"]], axis=1)
    with pytest.raises(wf.DataError, match="two columns named XLE|XLE.*twice"):
        wf.optimize.min_variance(doubled.cov())
    with pytest.raises(wf.DataError, match="two columns named XLE|XLE.*twice"):
        wf.optimize.min_cvar(doubled)


def told(error):
    """In the field's words: no trace of Rust, no file of ours."""
    text = str(error)
    assert isinstance(error, wf.WalkfolioError), repr(error)
    for trace in (".rs", "panick", "unwrap", "RUST_BACKTRACE", "/tmp/"):
        assert trace not in text
