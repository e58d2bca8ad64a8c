"""One problem at a time: known answers, constraints, warm solves, errors with their data."""

from __future__ import annotations

import pickle
import threading

import numpy as np
import pytest

import walkfolio as wf

SIGMA = np.array([[0.04, 0.006, 0.0], [0.006, 0.01, 0.002], [0.0, 0.002, 0.0225]])
MU = np.array([0.08, 0.03, 0.06])


def frame():
    pd = pytest.importorskip("pandas")
    names = ["A", "B", "C"]
    return pd.DataFrame(SIGMA, index=names, columns=names), pd.Series(MU, index=names)


def test_minimum_variance_is_the_closed_form():
    found = wf.optimize.min_variance(SIGMA, bounds=(-2, 2))
    inverse = np.linalg.solve(SIGMA, np.ones(3))
    assert np.allclose(found.weights, inverse / inverse.sum(), atol=1e-10)
    assert found.status == "optimal"
    assert found.gap < 1e-9
    assert found.objective == pytest.approx(found.values @ SIGMA @ found.values, rel=1e-12)


def test_maximum_sharpe_is_the_tangency_portfolio():
    found = wf.optimize.max_sharpe(MU, SIGMA, risk_free=0.01, bounds=(-5, 5))
    tangent = np.linalg.solve(SIGMA, MU - 0.01)
    assert np.allclose(found.weights, tangent / tangent.sum(), atol=1e-8)


def test_names_and_library_are_kept():
    sigma, mu = frame()
    found = wf.optimize.max_sharpe(mu.sample(frac=1, random_state=1), sigma)
    assert list(found.weights.index) == ["A", "B", "C"]
    assert np.allclose(found.weights, wf.optimize.max_sharpe(MU, SIGMA).weights, atol=1e-10)
    assert np.asarray(found) == pytest.approx(found.values)


def test_constraints_hold_and_bind():
    sigma, mu = frame()
    held = {"A": 0.3, "B": 0.3, "C": 0.4}
    found = wf.optimize.mean_variance(
        mu,
        sigma,
        risk_aversion=1.0,
        groups={"ab": (["A", "B"], 0.5, None)},
        bounds={"C": (0.2, 0.5)},
        turnover=0.1,
        holdings=held,
    )
    w = found.weights
    assert w["A"] + w["B"] >= 0.5 - 1e-9
    assert 0.2 - 1e-9 <= w["C"] <= 0.5 + 1e-9
    moved = 0.5 * sum(abs(w[name] - held[name]) for name in held)
    assert moved == pytest.approx(0.1, abs=1e-7)
    neutral = wf.optimize.mean_variance(
        mu,
        sigma,
        bounds=(-1, 1),
        net_leverage=0.0,
        gross_leverage=1.0,
        beta=([1.0, 0.5, 0.8], -0.1, 0.1),
        factor_exposure={"v": ([1, 0, 1], None, 0.3)},
    )
    assert neutral.values.sum() == pytest.approx(0, abs=1e-8)
    assert np.abs(neutral.values).sum() <= 1 + 1e-8
    assert abs(neutral.values @ [1.0, 0.5, 0.8]) <= 0.1 + 1e-8
    capped = wf.optimize.mean_variance(mu, sigma, risk_aversion=0.0, volatility_cap=0.1)
    assert capped.values @ SIGMA @ capped.values <= 0.01 + 1e-9
    active = wf.optimize.mean_variance(mu, sigma, risk_aversion=0.0, tracking_error_cap=0.02, benchmark_weights=held)
    apart = active.values - np.array(list(held.values()))
    assert np.sqrt(apart @ SIGMA @ apart) <= 0.02 + 1e-8
    paid = wf.optimize.mean_variance(mu, sigma, holdings=held, trading_costs=10.0)
    assert np.allclose(paid.values, list(held.values()), atol=1e-9)


def test_exact_holdings_are_the_best_of_all_subsets(rng):
    from itertools import combinations

    returns = rng.normal(0.0005, 0.01, (300, 8))
    benchmark = returns @ rng.dirichlet(np.ones(8))
    found = wf.optimize.track(returns, benchmark, max_holdings=3)
    assert (found.values > 1e-9).sum() <= 3
    best = min(wf.optimize.track(returns[:, list(some)], benchmark).objective for some in combinations(range(8), 3))
    assert found.objective == pytest.approx(best, rel=1e-9)


def test_the_frontier_has_its_ends_and_its_points():
    sigma, mu = frame()
    found = wf.optimize.frontier(mu, sigma)
    assert np.allclose(found.weights.iloc[0], wf.optimize.min_variance(SIGMA).weights, atol=1e-9)
    assert found.returns[-1] == pytest.approx(0.08)
    middle = found.at(return_=0.06)
    assert middle.values @ MU == pytest.approx(0.06, abs=1e-10)
    assert np.allclose(
        found.at(risk_free=0.01).values, wf.optimize.max_sharpe(MU, SIGMA, risk_free=0.01).values, atol=1e-8
    )
    with pytest.raises(wf.SolveError, match="no portfolio of the efficient frontier"):
        found.at(return_=0.2)


def test_a_warm_solver_begins_where_it_ended(rng):
    returns = rng.normal(0.0005, 0.01, (300, 11))
    benchmark = returns.mean(axis=1)
    warm = wf.optimize.Solver()
    first = wf.optimize.track(returns, benchmark, solver=warm)
    again = wf.optimize.track(returns, benchmark, solver=warm)
    assert again.pivots == 0
    assert (first.values == again.values).all()
    cold = wf.optimize.track(returns[1:], benchmark[1:])
    assert np.allclose(wf.optimize.track(returns[1:], benchmark[1:], solver=warm).values, cold.values, atol=1e-9)
    assert pickle.loads(pickle.dumps(warm))._options == warm._options


def test_a_conflict_is_data():
    sigma, _ = frame()
    with pytest.raises(wf.Infeasible) as caught:
        wf.optimize.min_variance(sigma, bounds=(0, 0.3))
    conflict = caught.value.conflict
    assert any("maximum weight" in words for words in conflict.constraints)
    change = next(change for change in conflict.relaxations if change.constraint == "maximum weight")
    assert change.max == pytest.approx(1 / 3, abs=1e-4)
    assert "raise maximum weight" in caught.value.hint
    assert pickle.loads(pickle.dumps(caught.value)).conflict == conflict
    assert isinstance(caught.value, (wf.SolveError, ArithmeticError))


def test_tails_are_the_mean_of_the_worst(rng):
    returns = rng.normal(0.0005, 0.01, (200, 4))
    found = wf.optimize.min_cvar(returns, confidence=0.9)
    losses = np.sort(-(returns @ found.values))[::-1]
    assert found.objective == pytest.approx(losses[:20].mean(), rel=1e-9)
    for other in np.eye(4):
        assert np.sort(-(returns @ other))[::-1][:20].mean() >= found.objective
    bounded = wf.optimize.mean_cvar(returns.mean(axis=0), returns, confidence=0.9, bounds=(0.1, 0.6))
    assert bounded.values.min() >= 0.1 - 1e-9


def test_solvers_agree():
    for solver in ("kernel", "clarabel"):
        found = wf.optimize.min_variance(SIGMA, solver=solver)
        assert found.solver == solver
        assert np.allclose(found.values, wf.optimize.min_variance(SIGMA).values, atol=1e-7)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: wf.optimize.min_variance([[1.0, 2.0], [3.0]]), "sigma"),
        (lambda: wf.optimize.min_variance("sigma"), "sigma"),
        (lambda: wf.optimize.min_variance(np.ones((2, 3))), "square"),
        (lambda: wf.optimize.min_variance(np.array([[1.0, np.nan], [np.nan, 1.0]])), "missing or not finite"),
        (lambda: wf.optimize.min_variance(np.array([[1.0, 2.0], [2.0, 1.0]])), "negative eigenvalue"),
        (lambda: wf.optimize.min_variance(SIGMA, max_holding=3), "did you mean max_holdings"),
        (lambda: wf.optimize.min_variance(SIGMA, groups={"g": (["A"], 0, 1)}), "A is not one of the assets"),
        (lambda: wf.optimize.min_variance(SIGMA, groups={"g": ([7], 0, 1)}), "there is no asset 7"),
        (lambda: wf.optimize.min_variance(SIGMA, bounds=0.3), "not a pair"),
        (lambda: wf.optimize.min_variance(SIGMA, turnover=0.1), "needs holdings"),
        (lambda: wf.optimize.min_variance(SIGMA, solver="ipopt"), "no solver ipopt"),
        (lambda: wf.optimize.mean_variance([0.1], SIGMA), "shape"),
        (lambda: wf.optimize.mean_variance(["a", "b", "c"], SIGMA), "texts"),
        (lambda: wf.optimize.track(np.ones((5, 2)), np.ones(4)), "4 rows"),
        (lambda: wf.optimize.max_sharpe(-MU, SIGMA), "positive"),
    ],
)
def test_wrong_input_is_told_in_words(call, words):
    with pytest.raises(wf.WalkfolioError, match=words) as caught:
        call()
    assert "panick" not in str(caught.value)
    assert ".rs" not in str(caught.value)


def test_threads_solve_at_the_same_time(rng):
    returns = rng.normal(0.0005, 0.01, (300, 11))
    benchmark = returns.mean(axis=1)
    warm = wf.optimize.Solver()
    alone = wf.optimize.track(returns, benchmark).values
    found = []

    def solve():
        for _ in range(20):
            found.append(wf.optimize.track(returns, benchmark, solver=warm).values)

    threads = [threading.Thread(target=solve) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 80
    assert all(np.allclose(values, alone, atol=1e-9) for values in found)


@pytest.mark.parametrize("name", ["track", "min_cvar", "min_cdar", "mean_cvar"])
def test_caps_of_returns_are_by_their_covariance_in_units_of_a_row(name):
    random = np.random.default_rng(5)
    returns = random.normal([0.0002, 0.0004, 0.002], [0.005, 0.01, 0.03], (120, 3))
    sigma = np.cov(returns, rowvar=False)
    equal = np.full(3, 1 / 3)
    solve = {
        "track": lambda **caps: wf.optimize.track(returns, returns[:, 2], **caps),
        "mean_cvar": lambda **caps: wf.optimize.mean_cvar(returns.mean(axis=0), returns, risk_aversion=0.001, **caps),
    }.get(name, lambda **caps: getattr(wf.optimize, name)(returns, **caps))

    def risk(weights):
        return float(weights @ sigma @ weights) ** 0.5 * 252**0.5

    free = solve().values
    far = risk(free - equal)
    near = solve(tracking_error_cap=far / 2 / 252**0.5, benchmark_weights=equal)
    assert risk(near.values - equal) == pytest.approx(far / 2, rel=1e-4)
    least = risk(wf.optimize.min_variance(sigma).values)
    cap = (least + risk(free)) / 2
    held = solve(volatility_cap=cap / 252**0.5)
    assert risk(held.values) == pytest.approx(cap, rel=1e-4)
    assert near.status == held.status == "optimal"


def test_a_cap_needs_rows():
    with pytest.raises(wf.DataError, match="volatility_cap needs the covariance"):
        wf.optimize.min_cvar(np.array([[0.01, 0.02]]), volatility_cap=0.01)
