"""Other programs on the windows that the bench `tails` has written: the mean of the worst 5 % of losses, long only and fully
invested; the median of the windows' times in milliseconds, one thread.

    python peers.py FOLDER

HiGHS gets the linear program of Rockafellar and Uryasev with its matrix made, skfolio and Riskfolio the returns, each
through the call that its users make. A value that misses HiGHS's by more than 1e-6 of its size is marked `!`.
"""

import os
import statistics
import sys
import time
import warnings

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import riskfolio
from scipy import sparse
from scipy.optimize import linprog
from skfolio import RiskMeasure
from skfolio.optimization import MeanRisk

CONFIDENCE = 0.95
SIZES = (20, 100, 500)


def cvar(x, w):
    """The mean of the worst losses, the last one in part."""
    losses = np.sort(-x @ w)[::-1]
    k = round((1 - CONFIDENCE) * len(losses), 9)
    whole = int(k)
    rest = (k - whole) * losses[whole] if whole < k else 0.0
    return (losses[:whole].sum() + rest) / k


def by_highs(method):
    def prepared(x):
        t, n = x.shape
        k = (1 - CONFIDENCE) * t
        cost = np.concatenate([np.zeros(n), [1.0], np.full(t, 1 / k)])
        rows = sparse.hstack([-x, -np.ones((t, 1)), -sparse.eye(t)], format="csr")
        total = sparse.csr_matrix(np.concatenate([np.ones(n), np.zeros(1 + t)])[None])
        bounds = [(0, 1)] * n + [(None, None)] + [(0, None)] * t

        def solve():
            found = linprog(cost, rows, np.zeros(t), total, [1.0], bounds, method=method)
            return found.x[:n]

        return solve

    return prepared


def by_skfolio(measure):
    def prepared(x):
        frame = pd.DataFrame(x)
        model = MeanRisk(risk_measure=measure, cvar_beta=CONFIDENCE, cdar_beta=CONFIDENCE)
        return lambda: model.fit(frame).weights_

    return prepared


def by_riskfolio(measure):
    def prepared(x):
        portfolio = riskfolio.Portfolio(returns=pd.DataFrame(x), alpha=1 - CONFIDENCE)
        portfolio.assets_stats(method_mu="hist", method_cov="hist")
        portfolio.solvers = ["CLARABEL"]

        def solve():
            found = portfolio.optimization(model="Classic", rm=measure, obj="MinRisk", hist=True)
            return found["weights"].to_numpy()

        return solve

    return prepared


PROGRAMS = {
    "HiGHS, dual simplex": (by_highs("highs-ds"), "CVaR"),
    "HiGHS, interior point": (by_highs("highs-ipm"), "CVaR"),
    "skfolio": (by_skfolio(RiskMeasure.CVAR), "CVaR"),
    "Riskfolio": (by_riskfolio("CVaR"), "CVaR"),
    "skfolio, CDaR": (by_skfolio(RiskMeasure.CDAR), "CDaR"),
    "Riskfolio, CDaR": (by_riskfolio("CDaR"), "CDaR"),
}


def timed(prepare, window):
    solve = prepare(window)
    started = time.perf_counter()
    w = solve()
    return 1e3 * (time.perf_counter() - started), w


def main(folder):
    warnings.simplefilter("ignore")
    print("| program | " + " | ".join(str(n) for n in SIZES) + " |")
    print("|---|" + "---|" * len(SIZES))
    best = {}
    for name, (prepare, measure) in PROGRAMS.items():
        cells = []
        for n in SIZES:
            months = range(5 if n < 500 else 1)
            files = [os.path.join(folder, f"tails-{n}-{month}.csv") for month in months]
            windows = [np.loadtxt(file, delimiter=",") for file in files]
            if measure == "CDaR" and n == 500:
                cells.append("")
                continue
            try:
                found = [timed(prepare, window) for window in windows]
            except Exception as error:  # a program that fails has no time
                cells.append(f"fails ({type(error).__name__})")
                continue
            mark = ""
            if measure == "CVaR":
                values = [cvar(x, w / w.sum()) for x, (_, w) in zip(windows, found)]
                known = best.setdefault(n, values)
                if any(v > b + 1e-6 * abs(b) for v, b in zip(values, known)):
                    mark = " !"
            cells.append(f"{statistics.median(ms for ms, _ in found):.3g} ms{mark}")
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


main(sys.argv[1])
