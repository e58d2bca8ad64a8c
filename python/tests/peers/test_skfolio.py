"""Against skfolio, on its own data: the value of the objective at our weights is theirs or better, within 1e-6."""

from __future__ import annotations

import numpy as np
import pytest

import walkfolio as wf
from walkfolio import sklearn as ours

skfolio = pytest.importorskip("skfolio")
from skfolio import RiskMeasure  # noqa: E402
from skfolio.moments import OAS, LedoitWolf  # noqa: E402
from skfolio.optimization import MeanRisk, ObjectiveFunction  # noqa: E402
from skfolio.prior import EmpiricalPrior  # noqa: E402

CLOSE = 1e-6


def same_value(value, theirs, mine, largest):
    """Ours is as good, and neither is better by more than a solver's tolerance."""
    a, b = value(mine), value(theirs)
    better = (a - b) if largest else (b - a)
    assert better >= -CLOSE * abs(b), f"ours {a}, theirs {b}"
    assert abs(a - b) <= 2e-4 * abs(b), f"ours {a}, theirs {b}"


def test_minimum_variance(returns):
    theirs = MeanRisk(risk_measure=RiskMeasure.VARIANCE).fit(returns).weights_
    found = ours.MinimumVariance().fit(returns)
    sigma = np.cov(returns, rowvar=False)
    same_value(lambda w: w @ sigma @ w, theirs, found.weights_, largest=False)
    assert np.abs(theirs - found.weights_).max() < 2e-3


def test_maximum_sharpe(returns):
    theirs = MeanRisk(objective_function=ObjectiveFunction.MAXIMIZE_RATIO).fit(returns).weights_
    found = ours.MaximumSharpe().fit(returns)
    mu, sigma = returns.mean().to_numpy(), np.cov(returns, rowvar=False)
    same_value(lambda w: w @ mu / np.sqrt(w @ sigma @ w), theirs, found.weights_, largest=True)


@pytest.mark.parametrize("aversion", [1.0, 5.0])
def test_maximum_utility(returns, aversion):
    # Theirs is mu'w - aversion variance, ours half of the variance.
    model = MeanRisk(objective_function=ObjectiveFunction.MAXIMIZE_UTILITY, risk_aversion=aversion)
    theirs = model.fit(returns).weights_
    found = ours.MeanVariance(risk_aversion=2 * aversion).fit(returns)
    mu, sigma = returns.mean().to_numpy(), np.cov(returns, rowvar=False)
    same_value(lambda w: w @ mu - aversion * w @ sigma @ w, theirs, found.weights_, largest=True)


def test_weights_between_bounds_and_groups(returns):
    names = list(returns.columns)
    model = MeanRisk(min_weights=0.01, max_weights=0.15, linear_constraints=[f"{names[0]} + {names[1]} >= 0.2"])
    theirs = model.fit(returns).weights_
    options = {"bounds": (0.01, 0.15), "groups": {"two": (names[:2], 0.2, None)}}
    found = ours.MinimumVariance(**options).fit(returns)
    sigma = np.cov(returns, rowvar=False)
    same_value(lambda w: w @ sigma @ w, theirs, found.weights_, largest=False)


def test_minimum_cvar(returns):
    theirs = MeanRisk(risk_measure=RiskMeasure.CVAR).fit(returns).weights_
    found = ours.MinimumCvar().fit(returns)
    R = returns.to_numpy()
    tail = 0.05 * len(R)

    def cvar(w):
        losses = np.sort(-(R @ w))[::-1]
        whole = int(tail)
        return (losses[:whole].sum() + (tail - whole) * losses[whole]) / tail

    same_value(cvar, theirs, found.weights_, largest=False)
    assert found.objective_ == pytest.approx(cvar(found.weights_), rel=1e-9)


def test_benchmark_tracker(returns, benchmark):
    from skfolio.optimization import BenchmarkTracker

    theirs = BenchmarkTracker().fit(returns, benchmark).weights_
    found = ours.Tracker().fit(returns, benchmark)
    R, b = returns.to_numpy(), benchmark.to_numpy()
    # Theirs minimizes the standard deviation of the difference, ours its second moment.
    same = np.std(R @ theirs - b, ddof=1), np.std(R @ found.weights_ - b, ddof=1)
    assert same[1] == pytest.approx(same[0], rel=2e-3)
    assert ((R @ found.weights_ - b) ** 2).sum() <= ((R @ theirs - b) ** 2).sum() * (1 + CLOSE)


def test_shrunk_covariances_are_theirs(returns):
    theirs = LedoitWolf().fit(returns).covariance_
    found = wf.estimate.covariance.ledoit_wolf(returns, units="daily", target="identity")
    rows = len(returns)
    assert np.allclose(found, theirs * rows / (rows - 1), rtol=2e-3, atol=1e-8) or np.allclose(found, theirs, rtol=1e-9)
    assert np.allclose(wf.estimate.covariance.sample(returns, units="daily"), np.cov(returns, rowvar=False), rtol=1e-10)
    assert OAS
    assert EmpiricalPrior


def test_walk_forward_of_a_grid_search(returns, benchmark):
    from skfolio.model_selection import WalkForward
    from sklearn.model_selection import GridSearchCV

    walk = WalkForward(train_size=252, test_size=126)
    search = GridSearchCV(ours.Tracker(), {"max_holdings": [3, 8, 15]}, cv=walk).fit(returns, benchmark)
    assert search.best_params_["max_holdings"] == 15


def test_risk_budgeting(returns):
    from skfolio.optimization import RiskBudgeting

    theirs = RiskBudgeting().fit(returns).weights_
    found = ours.RiskParity().fit(returns)
    sigma = np.cov(returns, rowvar=False)
    shares = found.weights_ * (sigma @ found.weights_)
    assert np.allclose(shares / shares.sum(), 1 / len(shares), rtol=1e-8)
    assert np.allclose(found.weights_, theirs, atol=1e-4)
