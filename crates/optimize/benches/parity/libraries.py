"""Libraries of PyPI on the returns that the bench `parity` has written: risk parity, hierarchical risk parity, maximum
Sharpe and mean-variance with a turnover cap, each through the call that its users make; one thread.

    python libraries.py FOLDER

PyPortfolioOpt starts from the same moments as Walkfolio, skfolio and Riskfolio from returns, of which they take
moments first. The best of three for up to 100 assets, one run of 500. Weights that differ from Walkfolio's by more
than 1e-3 are marked `!`, those of hierarchical risk parity by more than 1e-8. A library that took longer than five
seconds is not asked for more assets.
"""

import json
import os
import sys
import time
import warnings

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"
warnings.simplefilter("ignore")

import numpy as np
import pandas as pd


def pyportfolioopt(kind, x, mean, sigma, held):
    import cvxpy as cp
    from pypfopt import EfficientFrontier, HRPOpt

    if kind == "hierarchical_risk_parity":
        names = list(range(len(mean)))
        table = pd.DataFrame(sigma, names, names)
        return np.array([HRPOpt(cov_matrix=table).optimize()[name] for name in names])
    if kind == "risk_parity":
        return None
    frontier = EfficientFrontier(mean, sigma)
    if kind == "maximum_sharpe":
        frontier.max_sharpe(risk_free_rate=0.0)
    else:
        frontier.add_constraint(lambda w: cp.norm1(w - held) <= 0.3)
        frontier.max_quadratic_utility(risk_aversion=5.0)
    return frontier.weights


def skfolio(kind, x, mean, sigma, held):
    from skfolio import RiskMeasure
    from skfolio.cluster import HierarchicalClustering, LinkageMethod
    from skfolio.optimization import (HierarchicalRiskParity, MeanRisk, ObjectiveFunction,
                                      RiskBudgeting)

    variance = RiskMeasure.VARIANCE
    if kind == "risk_parity":
        model = RiskBudgeting(risk_measure=variance)
    elif kind == "hierarchical_risk_parity":
        clusters = HierarchicalClustering(linkage_method=LinkageMethod.SINGLE)
        model = HierarchicalRiskParity(risk_measure=variance, hierarchical_clustering_estimator=clusters)
    elif kind == "maximum_sharpe":
        model = MeanRisk(objective_function=ObjectiveFunction.MAXIMIZE_RATIO, risk_measure=variance)
    else:
        return None  # its max_turnover bounds the trade of each asset
    return model.fit(x).weights_


def riskfolio(kind, x, mean, sigma, held):
    import riskfolio as rp

    if kind == "risk_parity":
        portfolio = rp.Portfolio(returns=x)
        portfolio.assets_stats(method_mu="hist", method_cov="hist")
        return portfolio.rp_optimization(model="Classic", rm="MV", rf=0).to_numpy().ravel()
    if kind == "hierarchical_risk_parity":
        portfolio = rp.HCPortfolio(returns=x)
        weights = portfolio.optimization(model="HRP", codependence="pearson", rm="MV", rf=0,
                                         linkage="single", leaf_order=False)
        return weights.to_numpy().ravel()
    if kind == "maximum_sharpe":
        portfolio = rp.Portfolio(returns=x)
        portfolio.assets_stats(method_mu="hist", method_cov="hist")
        return portfolio.optimization(model="Classic", rm="MV", obj="Sharpe", rf=0).to_numpy().ravel()
    return None  # its turnover bounds the trade of each asset


LIBRARIES = {"skfolio": skfolio, "PyPortfolioOpt": pyportfolioopt, "Riskfolio": riskfolio}


def number(ms):
    return f"{1e3 * ms:.3g} us" if ms < 1 else f"{ms:.3g} ms"


def timed(solve, case, folder):
    """Milliseconds as text with a mark, and as a number where the weights are right."""
    values = np.load(os.path.join(folder, case["file"] + ".npy"))
    x = pd.DataFrame(values, columns=[f"A{i:03}" for i in range(case["assets"])])
    mean, sigma = values.mean(axis=0), np.cov(values, rowvar=False)
    held, expected = np.array(case["held"]), np.array(case["weights"])
    best, weights = np.inf, None
    for _ in range(3 if case["assets"] <= 100 else 1):
        started = time.perf_counter()
        try:
            weights = solve(case["kind"], x, mean, sigma, held)
        except Exception as error:  # each has errors of its own
            return f"fails ({type(error).__name__})", None
        if weights is None:
            return "", None
        best = min(best, 1e3 * (time.perf_counter() - started))
    tolerance = 1e-8 if case["kind"] == "hierarchical_risk_parity" else 1e-3
    if np.abs(np.asarray(weights) - expected).max() > tolerance:
        return f"{number(best)} !", None
    return number(best), best


SLOW_MS = 5_000


def main(folder):
    slow = set()

    def found_by(name, solve, case):
        if (name, case["kind"]) in slow:
            return "not waited for", None
        text, ms = timed(solve, case, folder)
        if ms is not None and ms > SLOW_MS:
            slow.add((name, case["kind"]))
        return text, ms

    with open(os.path.join(folder, "libraries.json")) as file:
        cases = json.load(file)
    names = list(LIBRARIES)
    print(f"\nLibraries, from moments or returns to weights:\n\n| problem | Walkfolio | {' | '.join(names)} | the best of these / Walkfolio |")
    print("|---" * (len(names) + 3) + "|")
    for case in cases:
        found = [found_by(name, solve, case) for name, solve in LIBRARIES.items()]
        right = [ms / case["ms"] for _, ms in found if ms is not None]
        ratio = f"{min(right):,.0f}" if right else ""
        texts = " | ".join(text for text, _ in found)
        print(f"| {case['kind']}, {case['assets']} | {number(case['ms'])} | {texts} | {ratio} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
