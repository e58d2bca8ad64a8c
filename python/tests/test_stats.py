"""Measures: against their formulas, and of any input."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

import walkfolio as wf

pd = pytest.importorskip("pandas")


def test_measures_are_their_formulas(returns):
    own, other = returns["XLK"], returns["SPY"]
    found = wf.stats.measures(own, other, periods_per_year=252)
    assert found["volatility"] == pytest.approx(own.std(ddof=1) * np.sqrt(252), rel=1e-12)
    assert found["tracking_error"] == pytest.approx((own - other).std(ddof=1) * np.sqrt(252), rel=1e-12)
    assert found["cumulative_return"] == pytest.approx((1 + own).prod() - 1, rel=1e-12)
    wealth = (1 + own).cumprod()
    under = wealth / np.maximum(wealth.cummax(), 1) - 1
    assert found["max_drawdown"] == pytest.approx(under.min(), rel=1e-12)
    assert found["beta"] == pytest.approx(np.cov(own, other)[0, 1] / other.var(ddof=1), rel=1e-9)
    assert set(found) == set(wf.stats.definitions())


def test_the_run_has_the_same_measures(run):
    own = wf.stats.measures(run.returns["portfolio"], run.returns["benchmark"], periods_per_year=252)
    for key in ("volatility", "tracking_error", "max_drawdown", "information_ratio"):
        assert own[key] == pytest.approx(run.measures[key], rel=1e-12)


def test_series_are_joined_by_date(returns):
    own, other = returns["XLK"], returns["SPY"]
    shuffled = other.iloc[10:]
    found = wf.stats.measures(own, shuffled, periods_per_year=252)
    assert found["tracking_error"] == pytest.approx((own - other).iloc[10:].std(ddof=1) * np.sqrt(252), rel=1e-12)
    with pytest.raises(wf.DataError, match="no date in common"):
        wf.stats.measures(own, other.set_axis(other.index + pd.Timedelta(days=20000)))
    with pytest.raises(wf.DataError, match="missing in the middle"):
        wf.stats.measures(own, other.drop(other.index[20]))
    with pytest.raises(wf.DataError, match="missing returns"):
        wf.stats.measures(own.where(own.index != own.index[4]))
    with pytest.raises(wf.DataError, match="two|2 columns|columns"):
        wf.stats.measures(returns)
    with pytest.raises(wf.DataError, match="no returns"):
        wf.stats.measures(np.array([]))
    with pytest.raises(wf.DataError, match="values, the portfolio"):
        wf.stats.measures(own.to_numpy(), other.to_numpy()[1:])


def test_intervals_and_differences(returns):
    own, other = returns["XLK"], returns["SPY"]
    for figure in ("mean_return_annual", "volatility", "sharpe_ratio", "max_drawdown"):
        found = wf.stats.interval(figure, own, resamples=300)
        assert found.low <= found.estimate <= found.high
        assert found == wf.stats.interval(figure, own, resamples=300)
    with pytest.raises(wf.DataError, match="needs a benchmark"):
        wf.stats.interval("tracking_error", own)
    with pytest.raises(wf.DataError, match="no interval of colour"):
        wf.stats.interval("colour", own)
    same = wf.stats.sharpe_difference(own, own, resamples=100)
    assert same is None or same.p_value == pytest.approx(1.0)
    assert 0 < wf.stats.sharpe_difference(own, other, resamples=300).p_value <= 1


def test_deflated_sharpe_ratio_is_its_formula(rng):
    from statistics import NormalDist

    normal = NormalDist()
    best = rng.normal(0.001, 0.01, 750)
    trials, variance = 50, 0.0004
    found = wf.stats.deflated_sharpe_ratio(best, trials=trials, variance=variance)
    gamma = 0.5772156649015329
    most = np.sqrt(variance) * (
        (1 - gamma) * normal.inv_cdf(1 - 1 / trials) + gamma * normal.inv_cdf(1 - 1 / (trials * np.e))
    )
    assert found.expected_maximum == pytest.approx(most, rel=1e-9)
    with pytest.raises(wf.DataError, match="not described"):
        wf.stats.deflated_sharpe_ratio(best)


def test_overfitting_of_noise_and_of_skill(rng):
    noise = rng.normal(0, 0.01, (800, 12))
    skill = noise.copy()
    skill[:, 3] += 0.003
    assert wf.stats.overfitting(skill, 8).probability < 0.1
    assert wf.stats.overfitting(noise, 8).probability > 0.1


def test_a_loss_of_all_is_the_end():
    for lost in (-1.0, -1.5):
        own = np.array([0.1, lost, 0.3, 0.1])
        found = wf.stats.measures(own)
        assert found["ruined"] == 1.0
        assert wf.stats.drawdowns(own)[0]["depth"] == found["max_drawdown"] == -1.0
    assert wf.stats.measures(np.array([0.1, -0.9]))["ruined"] == 0.0
    with pytest.raises(wf.DataError, match="1 infinite returns"):
        wf.stats.measures(np.array([0.1, np.inf]))


def test_drawdowns(returns):
    spells = wf.stats.drawdowns(returns["XLE"])
    assert spells[0]["depth"] == pytest.approx(wf.stats.measures(returns["XLE"])["max_drawdown"], rel=1e-12)
    assert all(a["depth"] <= b["depth"] for a, b in pairwise(spells))
