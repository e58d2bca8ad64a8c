"""Policies in Python: what they see, what they may not, and what becomes of their mistakes."""

from __future__ import annotations

import functools
import pickle

import numpy as np
import pandas as pd
import pytest

import walkfolio as wf


class Equal(wf.Policy):
    def decide(self, past, holdings):
        return {name: 1 / len(past.eligible) for name in past.eligible}


def test_a_policy_sees_the_rows_before_its_decision_and_no_other(prices):
    seen = []

    def decide(past, holdings):
        seen.append(past)
        return {"SPY": 1.0}

    wf.backtest(decide, prices, every="quarter", first="2020-01-01", last="2021-12-31")
    assert len(seen) == 8
    for past in seen:
        known = prices.loc[: str(past.date)].iloc[:-1]
        assert len(past) == len(known)
        assert str(past.date) in prices.index.strftime("%Y-%m-%d")
        assert (past.prices() == known[past.assets].to_numpy()).all()
        assert past.dates()[-1] < np.datetime64(past.date)
        returns = known[past.assets].pct_change().to_numpy()[-5:]
        assert np.allclose(past.returns(5), returns, rtol=1e-13, atol=1e-16)
        assert past.prices(3).base is None or past.prices(3).base.nbytes <= 3 * 8 * len(past.assets) + 64
        assert past.frame(rows=2).index[-1] == known.index[-1]
        assert not past.prices().flags.writeable


def test_the_return_of_a_policy_is_that_of_its_weights(prices):
    done = wf.backtest(lambda past, holdings: {"SPY": 1.0}, prices, every="month")
    own = prices["SPY"].pct_change().loc[done.returns.index]
    assert np.allclose(done.returns["portfolio"], own, atol=1e-15)
    paid = wf.backtest(Equal(), prices, every="month", costs=wf.Costs(bps=10, charge_first=True))
    free = wf.backtest(Equal(), prices, every="month")
    assert paid.measures["annual_return"] < free.measures["annual_return"]
    assert paid.measures.gross["annual_return"] == pytest.approx(free.measures["annual_return"], rel=1e-12)
    assert np.allclose(free.weights.sum(axis=1), 1)


def test_holdings_are_shown_to_those_who_ask(prices):
    class Hold(wf.Policy):
        memory = "holdings"

        def __init__(self):
            self.seen = []

        def decide(self, past, holdings):
            self.seen.append(dict(holdings))
            return holdings or {"SPY": 0.5, "XLE": 0.5}

    policy = Hold()
    done = wf.backtest(policy, prices, every="month", first="2020-01-01")
    assert policy.seen[0] == {}
    assert policy.seen[1] != {"SPY": 0.5, "XLE": 0.5}
    assert done.returns["turnover"].iloc[1:].abs().max() < 1e-12


def test_the_audit_finds_what_looks_ahead_and_clears_what_does_not(prices):
    assert wf.audit(Equal(), prices, every="quarter", first="2018-01-01")

    class Momentum(wf.Policy):
        memory = "holdings"
        rows = 126

        def decide(self, past, holdings):
            best = np.argmax(np.where(np.isnan(past.returns(126)).any(axis=0), -9, past.returns(126).sum(axis=0)))
            return {past.assets[best]: 1.0}

    assert wf.audit(Momentum(), prices, every="quarter", first="2018-01-01")

    class Peeks(wf.Policy):
        """Keeps prices of its own, and with them the future."""

        def __init__(self):
            self.calls = 0

        def decide(self, past, holdings):
            self.calls += 1
            # What it is shown is not all it uses: decisions differ when they are made again.
            return {past.assets[self.calls % 2]: 1.0}

    found = wf.audit(Peeks(), prices, every="quarter", first="2018-01-01")
    assert not found
    assert "weight" in found.leak["what"]


def test_a_function_is_audited_as_it_is_walked(prices):
    def equal(past, holdings):
        return {name: 1 / len(past.eligible) for name in past.eligible}

    found = wf.audit(equal, prices, every="year", rows=300)
    assert found
    walked = wf.backtest(equal, prices, every="year", rows=300)
    assert found.decisions == walked.manifest["decisions"]
    calls = iter(range(10_000))
    assert not wf.audit(lambda past, holdings: {past.assets[next(calls) % 2]: 1.0}, prices, every="year")


class Tomorrow(wf.Policy):
    """Holds what rises most on the day of the decision, which it reads in the prices that it keeps."""

    def __init__(self, prices, ahead=True):
        table = prices.to_pandas() if hasattr(prices, "to_pandas") else pd.DataFrame(prices)
        own = table.set_index("date") if "date" in table else table
        self.kept, self.ahead = own.pct_change().fillna(0.0), ahead

    def decide(self, past, holdings):
        at = len(past) if self.ahead else len(past) - 1
        return {str(self.kept.iloc[at].idxmax()): 1.0}


def of_library(prices, library):
    named = prices.rename_axis("date").reset_index()
    if library == "polars":
        return pytest.importorskip("polars").from_pandas(named)
    if library == "pyarrow":
        return pytest.importorskip("pyarrow").Table.from_pandas(named, preserve_index=False)
    if library == "dict":
        return {name: named[name].to_numpy() for name in named}
    return named if library == "column" else prices


@pytest.mark.parametrize("library", ["pandas", "column", "polars", "pyarrow", "dict"])
def test_a_class_is_built_anew_on_falsified_prices(prices, library):
    given = of_library(prices, library)
    kinds, built = set(), []

    class Seen(Tomorrow):
        def __init__(self, prices, ahead=True):
            kinds.add(type(prices))
            built.append(len(prices))
            super().__init__(prices, ahead)

    found = wf.audit(Seen, given, every="year")
    assert not found
    assert "weight" in found.leak["what"]
    built.clear()
    honest = wf.audit(functools.partial(Seen, ahead=False), given, every="year")
    assert honest
    # Once to walk, and twice for each decision: no rows are gone, their numbers are.
    assert built == [len(given)] * (1 + 2 * honest.decisions)
    assert kinds == {type(given)}
    if library == "pandas":
        # What an instance keeps is not falsified: the book says so.
        assert wf.audit(Tomorrow(given), given, every="year")


def test_a_class_is_built_from_prices_at_most(prices, tmp_path):
    assert wf.audit(Equal, prices, every="year")

    class Windowed(Equal):
        def __init__(self, window):
            self.rows = window

    with pytest.raises(wf.PolicyError, match="needs window"):
        wf.audit(Windowed, prices, every="year")
    assert wf.audit(functools.partial(Windowed, window=20), prices, every="year")
    path = tmp_path / "prices.csv"
    prices.to_csv(path, index_label="date")
    assert wf.audit(Equal, path, every="year")
    with pytest.raises(wf.PolicyError, match="no table"):
        wf.audit(Tomorrow, path, every="year")

    class Wrong(wf.Policy):
        def decide(self, past, holdings):
            return None

    with pytest.raises(wf.PolicyError, match="the policy Wrong gives"):
        wf.audit(Wrong, prices, every="year")


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        (lambda past: {"SPY": float("nan")}, "gives nan for SPY"),
        (lambda past: {"SPX": 1.0}, "names SPX, which is not an asset"),
        (lambda past: {"SPY": "all"}, "gives 'all' for SPY"),
        (lambda past: [0.5, 0.5], "gives list, not weights of 4 assets"),
        (lambda past: None, "gives NoneType"),
        (lambda past: "SPY", "gives str"),
    ],
)
def test_weights_that_are_none(prices, gives, words):
    with pytest.raises(wf.PolicyError, match=words) as caught:
        wf.backtest(lambda past, holdings: gives(past), prices, every="year")
    assert caught.value.date
    assert ".rs" not in str(caught.value)
    assert pickle.loads(pickle.dumps(caught.value)).date == caught.value.date


def test_what_a_policy_raises_is_raised(prices):
    class MyError(Exception):
        pass

    def decide(past, holdings):
        raise MyError("mine")

    with pytest.raises(MyError, match="mine") as caught:
        wf.backtest(decide, prices, every="year")
    assert any("at the decision of" in note for note in getattr(caught.value, "__notes__", ["at the decision of"]))
    with pytest.raises(wf.PolicyError, match="pass Equal"):
        wf.backtest(Equal, prices)
    with pytest.raises(wf.PolicyError, match="not a policy"):
        wf.backtest(7, prices)
    with pytest.raises(NotImplementedError):
        wf.backtest(wf.Policy(), prices, every="year")


def test_a_policy_may_use_the_optimizer(prices):
    class Least(wf.Policy):
        rows = 252

        def decide(self, past, holdings):
            returns = past.returns(252)
            return wf.optimize.min_variance(np.cov(returns, rowvar=False))

    done = wf.backtest(Least(), prices, every="year")
    study = wf.run(
        {"objective": wf.MinimumVariance(), "covariance": wf.SampleCovariance(window=252), "every": "year"},
        prices,
    )
    assert np.allclose(done.weights.to_numpy(), study.weights.to_numpy(), atol=1e-8)
