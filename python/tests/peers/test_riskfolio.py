"""Against Riskfolio-Lib: the value of the objective at our weights is theirs or better, within a solver's tolerance."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import walkfolio as wf

riskfolio = pytest.importorskip("riskfolio")


@pytest.fixture(scope="module")
def portfolio(returns):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = riskfolio.Portfolio(returns=returns)
        found.assets_stats(method_mu="hist", method_cov="hist")
    return found


def theirs(portfolio, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = portfolio.optimization(model="Classic", hist=True, **options)
    return found["weights"].to_numpy()


def same_value(value, other, mine, largest=False):
    a, b = value(mine), value(other)
    assert (a - b if largest else b - a) >= -1e-6 * abs(b), f"ours {a}, theirs {b}"
    assert abs(a - b) <= 5e-4 * abs(b), f"ours {a}, theirs {b}"


def test_moments(portfolio, returns):
    assert np.allclose(wf.estimate.covariance.sample(returns, units="daily"), portfolio.cov, rtol=1e-9)
    mu = wf.estimate.expected_returns.sample_mean(returns, units="daily")
    assert np.allclose(mu, portfolio.mu.to_numpy().ravel(), rtol=1e-9)


def test_minimum_variance(portfolio, returns):
    sigma = returns.cov()
    found = wf.optimize.min_variance(sigma)
    other = theirs(portfolio, rm="MV", obj="MinRisk")
    same_value(lambda w: w @ sigma.to_numpy() @ w, other, found.values)


def test_maximum_sharpe(portfolio, returns):
    mu, sigma = returns.mean(), returns.cov()
    found = wf.optimize.max_sharpe(mu, sigma)
    other = theirs(portfolio, rm="MV", obj="Sharpe", rf=0.0)
    ratio = lambda w: w @ mu.to_numpy() / np.sqrt(w @ sigma.to_numpy() @ w)  # noqa: E731
    same_value(ratio, other, found.values, largest=True)


def test_minimum_cvar(portfolio, returns):
    found = wf.optimize.min_cvar(returns)
    other = theirs(portfolio, rm="CVaR", obj="MinRisk")
    R = returns.to_numpy()
    same_value(lambda w: riskfolio.RiskFunctions.CVaR_Hist(R @ w, alpha=0.05), other, found.values)
    assert found.objective == pytest.approx(riskfolio.RiskFunctions.CVaR_Hist(R @ found.values, alpha=0.05), rel=1e-9)


def test_minimum_cdar(portfolio, returns):
    found = wf.optimize.min_cdar(returns)
    other = theirs(portfolio, rm="CDaR", obj="MinRisk")
    R = returns.to_numpy()
    same_value(lambda w: riskfolio.RiskFunctions.CDaR_Abs(R @ w, alpha=0.05), other, found.values)


def test_risk_parity(portfolio, returns):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = portfolio.rp_optimization(model="Classic", rm="MV", b=None)["weights"].to_numpy()
    found = wf.optimize.risk_parity(returns.cov())
    assert np.allclose(found.values, other, atol=2e-4)


def test_hierarchical_risk_parity(returns):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        clusters = riskfolio.HCPortfolio(returns=returns)
        options = {"model": "HRP", "codependence": "pearson", "rm": "MV", "linkage": "single", "leaf_order": False}
        other = clusters.optimization(**options)["weights"]
    found = wf.optimize.hrp(returns.cov())
    assert np.allclose(found.weights, other.loc[found.weights.index], atol=1e-9)


def test_hierarchical_equal_risk_contribution(returns):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for linkage in ("single", "ward"):
            for number in (2, 4):
                model = riskfolio.HCPortfolio(returns=returns)
                options = {"model": "HERC", "codependence": "pearson", "rm": "MV", "linkage": linkage, "k": number}
                other = model.optimization(leaf_order=False, **options)["weights"]
                found = wf.optimize.herc(returns.cov(), linkage=linkage, clusters=number)
                assert np.allclose(found.weights, other.loc[found.weights.index], atol=1e-9)
