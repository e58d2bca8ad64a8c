"""Against the reference solutions of independent programs: `../shared/golden/advanced`."""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from support import ROOT

import walkfolio as wf

pd = pytest.importorskip("pandas")
GOLDEN = Path(os.environ.get("WALKFOLIO_GOLDEN", ROOT / "../shared/golden")) / "advanced"
PROBLEMS = ["A2019", "B2020", "R1"]


class Problem:
    """Moments, and what other programs found."""

    def __init__(self, name):
        def read(kind):
            return json.loads((GOLDEN / f"{kind}_{name}.json").read_text())

        found, self.means, self.clusters = read("obj"), read("mu"), read("hrp")
        self.assets, self.inputs, self.solutions = found["assets"], found["inputs"], found["solutions"]
        self.rows = list(csv.DictReader((GOLDEN / f"cov_{name}.csv").open()))
        self.sigma = self.covariance("sample") * 252
        self.mu = pd.Series(self.means["historical"], index=self.assets)
        self.held = dict(zip(self.assets, self.inputs["previous_weights"], strict=True))
        self.equal = dict.fromkeys(self.assets, 1 / len(self.assets))

    def covariance(self, column):
        """One estimator's, a day."""
        sigma = pd.DataFrame(0.0, index=self.assets, columns=self.assets)
        for row in self.rows:
            i, j = row["asset_i"], row["asset_j"]
            sigma.loc[i, j] = sigma.loc[j, i] = float(row[column])
        return sigma


@cache
def problem(name):
    if not GOLDEN.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{GOLDEN} is absent")
        pytest.skip("reference solutions not found")
    return Problem(name)


def between(p):
    return {"bounds": (p["min_weight"], p["max_weight"])}


def long_short(p):
    return {**between(p), "gross_leverage": p["gross"], "net_leverage": p.get("net", 1.0)}


def groups(own, limits):
    return {"groups": {name: (members, *limits) for name, members in own.inputs["groups"].items()}}


def ranges(p):
    columns = np.array(p["loadings"]).T
    limits = zip(p["factors"], columns, p["lower"], p["upper"], strict=True)
    return {"factor_exposure": {name: (loadings, low, high) for name, loadings, low, high in limits}}


def variance(own, p, **constraints):
    return wf.optimize.min_variance(own.sigma, **constraints)


def utility(own, p, **constraints):
    return wf.optimize.mean_variance(own.mu, own.sigma, risk_aversion=p["risk_aversion"], **constraints)


def sharpe(own, p, **constraints):
    return wf.optimize.max_sharpe(own.mu, own.sigma, risk_free=p["risk_free"], **constraints)


def most(own, p, **constraints):
    return wf.optimize.mean_variance(own.mu, own.sigma, risk_aversion=0.0, **constraints)


def parity(own, p, **constraints):
    return wf.optimize.risk_parity(own.sigma, budgets=p["budgets"], **constraints)


def turnover(own, p):
    return {"turnover": p["turnover"], "holdings": own.held}


# What a solution is called, and how it is found here.
CALLS = {
    "min_variance_long_only": lambda own, p: variance(own, p),
    "min_variance_box": lambda own, p: variance(own, p, **between(p)),
    "min_variance_long_short_gross_1.6": lambda own, p: variance(own, p, **long_short(p)),
    "min_variance_unconstrained": lambda own, p: variance(own, p, bounds=(-9, 9)),
    "min_variance_group_limits": lambda own, p: variance(own, p, **groups(own, p["each_group"])),
    "min_variance_factor_ranges": lambda own, p: variance(own, p, **ranges(p)),
    "max_sharpe_long_only_rf0": lambda own, p: sharpe(own, p),
    "max_sharpe_long_only_rf2": lambda own, p: sharpe(own, p),
    "max_sharpe_group_cap_rf0": lambda own, p: sharpe(
        own, p, groups={"g": (own.inputs["groups"][p["group"]], None, p["cap"])}
    ),
    "max_sharpe_box_rf0": lambda own, p: sharpe(own, p, **between(p)),
    "max_sharpe_turnover_rf0": lambda own, p: sharpe(own, p, **turnover(own, p)),
    "max_sharpe_turnover0.40_rf0": lambda own, p: sharpe(own, p, **turnover(own, p)),
    "max_sharpe_gross_1.6_rf0": lambda own, p: sharpe(own, p, **long_short(p)),
    "max_diversification_long_only": lambda own, p: wf.optimize.max_diversification(own.sigma),
    "max_diversification_box": lambda own, p: wf.optimize.max_diversification(own.sigma, **between(p)),
    "risk_parity_equal": lambda own, p: wf.optimize.risk_parity(own.sigma),
    "risk_parity_budgets": parity,
    "risk_parity_group_budgets": parity,
    "risk_parity_box": lambda own, p: parity(own, p, **between(p)),
    "inverse_volatility": lambda own, p: wf.optimize.inverse_volatility(own.sigma),
    "inverse_variance": lambda own, p: wf.optimize.inverse_volatility(own.sigma, of="variance"),
    "mean_variance_long_only": utility,
    "mean_variance_turnover": lambda own, p: utility(own, p, **turnover(own, p)),
    "mean_variance_turnover0.40": lambda own, p: utility(own, p, **turnover(own, p)),
    "mean_variance_linear_cost": lambda own, p: utility(
        own, p, holdings=own.held, trading_costs=p["linear_bps"] * 1e-4 * p["rebalances_per_year"]
    ),
    "mean_variance_long_short_net1_gross1.6": lambda own, p: utility(own, p, **long_short(p)),
    "mean_variance_market_neutral_gross1": lambda own, p: utility(own, p, **long_short(p)),
    "max_mean_volatility_cap": lambda own, p: most(own, p, volatility_cap=p["volatility_cap"]),
    "max_mean_tracking_error_cap": lambda own, p: most(
        own, p, tracking_error_cap=p["tracking_error_cap"], benchmark_weights=own.equal
    ),
    "max_mean_tracking_error_and_turnover_cap": lambda own, p: most(
        own, p, tracking_error_cap=p["tracking_error_cap"], benchmark_weights=own.equal, **turnover(own, p)
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("solution", CALLS)
def test_objectives(name, solution):
    own = problem(name)
    if solution not in own.solutions:
        pytest.skip(f"{name} has no {solution}")
    expected = own.solutions[solution]
    if "error" in expected:
        with pytest.raises(wf.SolveError):
            CALLS[solution](own, expected.get("parameters"))
        return
    found = CALLS[solution](own, expected.get("parameters"))
    assert list(found.weights.index) == own.assets
    assert np.abs(found.values - expected["weights"]).max() < 1e-7
    w, sigma = found.values, own.sigma.to_numpy()
    if "volatility" in expected:
        assert np.sqrt(w @ sigma @ w) == pytest.approx(expected["volatility"], rel=1e-6)
    if "sharpe" in expected:
        assert found.objective == pytest.approx(expected["sharpe"], rel=1e-9)
    if "diversification_ratio" in expected:
        assert found.objective == pytest.approx(expected["diversification_ratio"], rel=1e-9)
    if "risk_shares" in expected:
        shares = w * (sigma @ w)
        assert np.allclose(shares / shares.sum(), expected["risk_shares"], atol=1e-7)


@pytest.mark.parametrize("solution", ["min_cvar_long_only", "min_cvar_box", "mean_cvar_target_mean"])
def test_tails(solution):
    own = problem("R1")
    returns = pd.read_csv(GOLDEN / "input_returns_R1.csv", index_col="row")
    expected, p = own.solutions[solution], own.solutions[solution]["parameters"]
    constraints = between(p) if "min_weight" in p else {}
    if "mean_at_least" in p:
        constraints["factor_exposure"] = {"mean": (own.mu, p["mean_at_least"], None)}
    found = wf.optimize.min_cvar(returns, confidence=p["beta"], **constraints)
    assert found.objective == pytest.approx(expected["cvar_daily"], rel=1e-9)
    if expected["vertex_unique"]:
        assert np.abs(found.values - expected["weights"]).max() < 1e-7


HRP = {
    "hrp_single": {},
    "hrp_single_distance_of_distances": {"distance": "distance_of_distances"},
    "hrp_ward": {"linkage": "ward"},
    "hrp_average": {"linkage": "average"},
    "hrp_complete": {"linkage": "complete"},
}


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("variant", HRP)
def test_hierarchical_risk_parity(name, variant):
    own = problem(name)
    found = wf.optimize.hrp(own.sigma, **HRP[variant])
    assert np.abs(found.values - own.clusters[variant]["weights"]).max() < 1e-12


def returns_of(name):
    """The made-up returns; the other problems are of prices."""
    return problem(name), pd.read_csv(GOLDEN / f"input_returns_{name}.csv", index_col="row")


COVARIANCES = {
    "sample": ("sample", {}, 1e-10),
    "lw_identity": ("ledoit_wolf", {"target": "identity"}, 1e-10),
    "lw_constant_correlation": ("ledoit_wolf", {"target": "constant_correlation"}, 1e-10),
    "lw_single_factor": ("ledoit_wolf", {"target": "single_factor"}, 1e-10),
    "lw_nonlinear_2020": ("ledoit_wolf_nonlinear", {}, 1e-8),
    "oas": ("oas", {}, 1e-10),
    "ewma60_zero_mean": ("ewma", {"half_life": 60.0}, 1e-10),
}


@pytest.mark.parametrize("column", COVARIANCES)
def test_covariances(column):
    own, returns = returns_of("R1")
    kind, settings, tolerance = COVARIANCES[column]
    found = getattr(wf.estimate.covariance, kind)(returns, units="daily", **settings).to_numpy()
    expected = own.covariance(column).to_numpy()
    scale = np.sqrt(np.outer(*[np.diag(own.covariance("sample"))] * 2))
    assert (np.abs(found - expected) / scale).max() < tolerance


def test_expected_returns():
    own, returns = returns_of("R1")
    for key, kind, settings in (
        ("historical", "sample_mean", {}),
        ("james_stein", "james_stein", {}),
        ("bayes_stein", "bayes_stein", {}),
    ):
        found = getattr(wf.estimate.expected_returns, kind)(returns, periods_per_year=252, **settings)
        assert np.allclose(found, own.means[key], rtol=1e-9), key
