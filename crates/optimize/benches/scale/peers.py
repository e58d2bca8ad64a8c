"""Other programs on the problems that the bench `scale` has written, timed alike: the months of a case one after the
other, the least of three repeats of each month's time, the median of all months but the first; one thread.

    python peers.py FOLDER

Solvers get the matrices, libraries the covariance, each through the call that its users make. A value that misses
Walkfolio's by more than 1e-6 of its size is marked `!`: the time of a wrong answer is no time.
"""

import json
import os
import statistics
import sys
import time
import warnings

for library in ("OMP", "OPENBLAS", "MKL", "RAYON"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import clarabel
import daqp
import numpy as np
import piqp
import quadprog
from scipy import sparse

REPEATS = 3


class Problem:
    """One month: min w'Hw / 2 - g'w with lo <= w <= hi and sum w = total."""

    def __init__(self, h, g, lo, hi):
        self.n = len(g)
        self.h, self.g = h, g
        self.lo, self.hi = lo[: self.n], hi[: self.n]
        self.ones, self.total = np.ones((1, self.n)), lo[self.n]

    def value(self, w):
        return 0.5 * w @ self.h @ w - self.g @ w


def by_daqp():
    def solve(p):
        upper, lower = np.append(p.hi, p.total), np.append(p.lo, p.total)
        sense = np.zeros(p.n + 1, dtype=np.int32)
        sense[p.n] = 5
        w, _, flag, _ = daqp.solve(p.h, -p.g, p.ones, upper, lower, sense)
        return w if flag == 1 else None

    return solve


def by_piqp():
    solver = None

    def solve(p):
        nonlocal solver
        total = np.array([p.total])
        if solver is None:
            solver = piqp.DenseSolver()
            solver.settings.eps_abs, solver.settings.eps_rel = 1e-9, 1e-10
            solver.setup(np.asfortranarray(p.h), -p.g, np.asfortranarray(p.ones), total, x_l=p.lo, x_u=p.hi)
        else:
            solver.update(P=np.asfortranarray(p.h), c=-p.g, x_l=p.lo, x_u=p.hi)
        return solver.result.x.copy() if solver.solve() == piqp.PIQP_SOLVED else None

    return solve


def by_quadprog():
    def solve(p):
        identity = np.eye(p.n)
        rows = np.column_stack([np.ones(p.n), identity, -identity])
        right = np.concatenate([[p.total], p.lo, -p.hi])
        return quadprog.solve_qp(p.h, p.g, rows, right, 1)[0]

    return solve


def by_clarabel():
    settings = clarabel.DefaultSettings()
    settings.verbose = False

    def solve(p):
        upper = sparse.csc_matrix(np.triu(p.h))
        identity = sparse.identity(p.n, format="csc")
        rows = sparse.vstack([sparse.csc_matrix(p.ones), identity, -identity], format="csc")
        right = np.concatenate([[p.total], p.hi, -p.lo])
        cones = [clarabel.ZeroConeT(1), clarabel.NonnegativeConeT(2 * p.n)]
        solution = clarabel.DefaultSolver(upper, -p.g, rows, right, cones, settings).solve()
        return np.array(solution.x)

    return solve


def by_pyportfolioopt():
    from pypfopt import EfficientFrontier

    def solve(p):
        frontier = EfficientFrontier(None, p.h, weight_bounds=list(zip(p.lo, p.hi)))
        frontier.min_volatility()
        return frontier.weights

    return solve


SOLVERS = {"DAQP": by_daqp, "quadprog": by_quadprog, "PIQP": by_piqp, "Clarabel": by_clarabel}
LIBRARIES = {"PyPortfolioOpt": by_pyportfolioopt}


def months(folder, case):
    parts = [np.load(os.path.join(folder, f"{case['file']}.{part}.npy")) for part in ("H", "g", "lo", "hi")]
    n = case["assets"]
    return [Problem(h.reshape(n, n), g, lo, hi) for h, g, lo, hi in zip(*parts)]


def timed(make, problems, values):
    """First and median in milliseconds, and whether every value is right; None if it fails."""
    times = np.full(len(problems), np.inf)
    right = True
    for _ in range(REPEATS):
        solve = make()
        for month, (problem, value) in enumerate(zip(problems, values)):
            started = time.perf_counter()
            try:
                w = solve(problem)
            except Exception:  # each has errors of its own
                return None
            times[month] = min(times[month], time.perf_counter() - started)
            if w is None:
                return None
            size = max(abs(value), 0.5 * abs(problem.g @ w), 1e-300)
            right &= problem.value(w) - value <= 1e-6 * size
    return 1e3 * times[0], 1e3 * statistics.median(times[1:]), right


def shown(found):
    if found is None:
        return "fails"
    first, median, right = found
    return f"{number(median)}{'' if right else ' !'}"


def number(ms):
    return f"{1e3 * ms:.3g} us" if ms < 1 else f"{ms:.3g} ms"


def table(title, names, rows):
    print(f"\n{title}\n\n| problem | Walkfolio (first) | {' | '.join(names)} | the best of these / Walkfolio |")
    print("|---" * (len(names) + 3) + "|")
    for name, (first, median), peers in rows:
        ratios = [peer[1] / median for peer in peers if peer is not None and peer[2]]
        ratio = f"{min(ratios):.1f}" if ratios else "-"
        print(f"| {name} | {number(median)} ({number(first)}) | {' | '.join(map(shown, peers))} | {ratio} |", flush=True)


def main(folder):
    warnings.simplefilter("ignore")
    with open(os.path.join(folder, "cases.json")) as file:
        cases = json.load(file)
    solvers, libraries = [], []
    for case in cases:
        problems = months(folder, case)
        found = [timed(make, problems, case["values"]) for make in SOLVERS.values()]
        solvers.append((case["name"], case["kernel"], found))
        if case["name"].startswith("variance"):
            found = [timed(make, problems, case["values"]) for make in LIBRARIES.values()]
            libraries.append((case["name"], case["optimizer"], found))
    table("Solvers, from matrices to weights:", list(SOLVERS), solvers)
    table("Libraries, from moments to weights:", list(LIBRARIES), libraries)


if __name__ == "__main__":
    main(sys.argv[1])
