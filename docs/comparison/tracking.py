"""The same 73 tracking programs in cvxpy, skfolio and Walkfolio: do they agree, and what do they take?

    python docs/comparison/tracking.py DATA PROGRAM

DATA is the data folder, PROGRAM the path of walkfolio. Needs cvxpy, skfolio, pandas, duckdb. Loading
and imports are not timed; everything runs in one thread, the best of five.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", RAYON_NUM_THREADS="1")

import cvxpy as cp
import duckdb
import numpy as np
import pandas as pd
from skfolio import RiskMeasure
from skfolio.optimization import BenchmarkTracker

ASSETS = "XLE XLF XLU XLI XLK XLV XLY XLP XLB SMH".split()
WINDOW = 252


def windows(data):
    """The returns that each decision knows: rows before the first session of each month."""
    prices = pd.read_csv(f"{data}/mtum/prices.csv", index_col=0, parse_dates=True)
    returns = prices[[*ASSETS, "MTUM"]].pct_change(fill_method=None)
    days = returns.index
    first = [t for t in range(1, len(days)) if days[t].month != days[t - 1].month]
    for t in first:
        if "2019-06-01" <= str(days[t].date()) <= "2025-06-30":
            yield days[t], returns.iloc[t - WINDOW : t]


def with_cvxpy(known):
    """One parametrized problem, compiled before the clock starts."""
    w, root = cp.Variable(len(ASSETS)), cp.Parameter((WINDOW, len(ASSETS)))
    target = cp.Parameter(WINDOW)
    constraints = [cp.sum(w) == 1, w >= 0, w <= 0.30]
    problem = cp.Problem(cp.Minimize(cp.sum_squares(root @ w - target)), constraints)

    def solve(rows):
        root.value, target.value = rows[ASSETS].values * 100, rows["MTUM"].values * 100
        problem.solve(solver=cp.CLARABEL, tol_gap_rel=1e-10, tol_gap_abs=1e-10, tol_feas=1e-10)
        return w.value

    solve(known[0])
    return [solve(rows) for rows in known]


def with_skfolio(known):
    """skfolio's own tracker; it minimizes the deviation about the mean, Walkfolio that about zero."""
    model = BenchmarkTracker(risk_measure=RiskMeasure.STANDARD_DEVIATION, max_weights=0.30)
    return [model.fit(rows[ASSETS], rows["MTUM"]).weights_ for rows in known]


def with_walkfolio(data, program):
    """Its weights by decision, and the seconds that its decisions took."""
    study = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tracking.toml")
    with tempfile.TemporaryDirectory() as run:
        command = [program, "run", study, "--data", data, "--threads", "1", "--out", run]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        held = duckdb.sql(f"select weight from '{run}/decisions.parquet'").fetchall()
        with open(f"{run}/run.json") as file:
            seconds = json.load(file)["seconds"]["decide"]
    return np.array(held).reshape(-1, len(ASSETS)), seconds


def timed(make, known):
    start = time.perf_counter()
    weights = np.array(make(known))
    return weights, time.perf_counter() - start


def best_of_five(run):
    runs = [run() for _ in range(5)]
    return runs[0][0], min(seconds for _, seconds in runs)


def squares(known, weights):
    """The sum of squares that each decision leaves in its window."""
    left = [rows[ASSETS].values @ w - rows["MTUM"].values for rows, w in zip(known, weights)]
    return np.array([row @ row for row in left])


def main(data, program):
    dates, known = zip(*windows(data))
    ours, seconds = best_of_five(lambda: with_walkfolio(data, program))
    print(f"{len(dates)} decisions over {len(ASSETS)} assets")
    print(f"walkfolio            {1e3 * seconds:9.1f} ms")
    for name, make in [("cvxpy, Clarabel", with_cvxpy), ("skfolio", with_skfolio)]:
        weights, taken = best_of_five(lambda make=make: timed(make, known))
        apart = np.abs(weights - ours).max()
        worse = np.max(squares(known, weights) / squares(known, ours) - 1)
        print(f"{name:20} {1e3 * taken:9.1f} ms, {taken / seconds:4.0f} times; weights at most "
              f"{apart:.1e} apart, sum of squares at most {worse:.1e} larger")


main(*sys.argv[1:])
