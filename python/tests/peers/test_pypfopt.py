"""Against PyPortfolioOpt: the same moments, the same problems."""

from __future__ import annotations

import numpy as np
import pytest

import walkfolio as wf

pypfopt = pytest.importorskip("pypfopt")


@pytest.fixture(scope="module")
def moments(returns):
    return returns.mean() * 252, returns.cov() * 252


def test_moments(returns, moments):
    mu, sigma = moments
    assert np.allclose(wf.estimate.expected_returns.sample_mean(returns, periods_per_year=252), mu, rtol=1e-10)
    assert np.allclose(wf.estimate.covariance.sample(returns, periods_per_year=252), sigma, rtol=1e-9)
    theirs = pypfopt.risk_models.sample_cov(returns, returns_data=True, frequency=252)
    assert np.allclose(theirs, sigma, rtol=1e-9)


def test_minimum_variance(moments):
    mu, sigma = moments
    theirs = pypfopt.EfficientFrontier(mu, sigma)
    theirs.min_volatility()
    found = wf.optimize.min_variance(sigma)
    w = np.array(list(theirs.weights))
    assert found.objective <= w @ sigma.to_numpy() @ w * (1 + 1e-9)
    assert found.objective == pytest.approx(w @ sigma.to_numpy() @ w, rel=1e-5)


def test_maximum_sharpe(moments):
    mu, sigma = moments
    theirs = pypfopt.EfficientFrontier(mu, sigma)
    theirs.max_sharpe(risk_free_rate=0.02)
    w = np.array(list(theirs.weights))
    found = wf.optimize.max_sharpe(mu, sigma, risk_free=0.02)

    def sharpe(w):
        return (w @ mu.to_numpy() - 0.02) / np.sqrt(w @ sigma.to_numpy() @ w)

    assert found.objective == pytest.approx(sharpe(found.values), rel=1e-9)
    assert sharpe(found.values) >= sharpe(w) * (1 - 1e-9)
    assert sharpe(found.values) == pytest.approx(sharpe(w), rel=1e-5)


def test_points_of_the_frontier(moments):
    mu, sigma = moments
    ours = wf.optimize.frontier(mu, sigma)
    for target in (0.15, 0.20):
        theirs = pypfopt.EfficientFrontier(mu, sigma)
        theirs.efficient_return(target)
        w = np.array(list(theirs.weights))
        found = ours.at(return_=target)
        assert np.sqrt(found.objective) == pytest.approx(np.sqrt(w @ sigma.to_numpy() @ w), rel=1e-4)
        assert found.objective <= w @ sigma.to_numpy() @ w * (1 + 1e-6)
    limit = 0.22
    theirs = pypfopt.EfficientFrontier(mu, sigma)
    theirs.efficient_risk(limit)
    found = wf.optimize.mean_variance(mu, sigma, risk_aversion=0.0, volatility_cap=limit)
    assert found.values @ mu.to_numpy() == pytest.approx(np.array(list(theirs.weights)) @ mu.to_numpy(), rel=1e-4)


def test_sectors(moments):
    mu, sigma = moments
    names = list(mu.index)
    theirs = pypfopt.EfficientFrontier(mu, sigma, weight_bounds=(0, 0.2))
    sector = dict.fromkeys(names[:8], "a") | dict.fromkeys(names[8:], "b")
    theirs.add_sector_constraints(sector, {"a": 0.1}, {"a": 0.3})
    theirs.min_volatility()
    w = np.array(list(theirs.weights))
    found = wf.optimize.min_variance(sigma, bounds=(0, 0.2), groups={"a": (names[:8], 0.1, 0.3)})
    assert found.objective == pytest.approx(w @ sigma.to_numpy() @ w, rel=1e-5)


def test_minimum_cvar(returns):
    theirs = pypfopt.EfficientCVaR(returns.mean(), returns, beta=0.95)
    theirs.min_cvar()
    found = wf.optimize.min_cvar(returns)
    assert found.objective == pytest.approx(theirs.portfolio_performance()[1], rel=1e-5)


def test_hierarchical_risk_parity(returns):
    theirs = pypfopt.HRPOpt(returns=returns)
    weights = theirs.optimize(linkage_method="single")
    w = np.array([weights[name] for name in returns.columns])
    found = wf.optimize.hrp(returns.cov(), distance="correlation")
    other = wf.optimize.hrp(returns.cov(), distance="distance_of_distances")
    assert min(np.abs(found.values - w).max(), np.abs(other.values - w).max()) < 1e-6
