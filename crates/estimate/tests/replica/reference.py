"""Expected returns of the replica's funds, by numpy alone: writes expected_returns.csv.

python reference.py PRICES.csv > expected_returns.csv
"""

import csv
import sys

import numpy as np

ASSETS = "XLE XLF XLU XLI XLK XLV XLY XLP XLB SMH AIQ".split()
DECISIONS = ["2019-07-01", "2022-11-01", "2025-06-02"]


def table(path):
    with open(path) as file:
        rows = list(csv.DictReader(file))
    dates = [row["date"] for row in rows]
    return dates, {a: np.array([float(r[a]) if r[a] else np.nan for r in rows]) for a in ASSETS}


def simple(p, rows):
    return p[-rows:] / p[-rows - 1 : -1] - 1


def compounded(p, rows):
    return np.prod(1 + simple(p, rows)) - 1


def historical(ps):
    return np.array([simple(p, 252).mean() * 252 for p in ps])


def shrinkage(ps):
    x = np.column_stack([simple(p, 252) for p in ps])
    t, n = x.shape
    mean = x.mean(axis=0)
    d = mean - mean.mean()
    s = np.cov(x, rowvar=False, ddof=1)
    k = min(1.0, (n - 2) / (t * d @ np.linalg.solve(s, d)))
    return (mean.mean() + (1 - k) * d) * 252


def momentum(ps):
    blend = lambda p: sum(w * compounded(p, h) for w, h in zip((0.4, 0.3, 0.2, 0.1), (21, 63, 126, 252)))
    return 0.3 * historical(ps) + 0.7 * 0.5 * np.array([blend(p) for p in ps])


def mean_reversion(ps):
    blend = lambda p: -0.6 * compounded(p, 21) - 0.4 * compounded(p, 63)
    return historical(ps) + 0.3 * np.array([blend(p) for p in ps])


def scores(ps):
    raw = np.column_stack(
        [
            [np.prod(1 + simple(p, 252)[:-21]) - 1 for p in ps],
            [-compounded(p, 21) for p in ps],
            [simple(p, 63).std(ddof=1) * np.sqrt(252) for p in ps],
        ]
    )
    return (raw - raw.mean(axis=0)) / raw.std(axis=0, ddof=0)


def multi_factor(dates, prices, t, assets):
    """Funds need 252 returns at the month-end; one that ends in the next month keeps its last close."""
    known = dates[:t]
    ends = [i for i in range(t) if dates[i][:7] != dates[i + 1][:7]]
    coefficients = []
    for end, following in zip(ends[-61:-1], ends[-60:]):
        then = [a for a in prices if np.isfinite(prices[a][max(end - 252, 0) : end + 1]).all() and end >= 252]
        if len(then) < 5:
            continue
        z = scores([prices[a][: end + 1] for a in then])
        last = [prices[a][: following + 1][np.isfinite(prices[a][: following + 1])][-1] for a in then]
        y = 12 * np.array([p / prices[a][end] - 1 for p, a in zip(last, then)])
        design = np.column_stack([np.ones(len(then)), z])
        coefficients.append(np.linalg.lstsq(design, y, rcond=None)[0])
    mean = np.mean(coefficients, axis=0)
    z = scores([prices[a][:t] for a in assets])
    return mean[0] + z @ mean[1:], len(coefficients)


def main():
    dates, prices = table(sys.argv[1])
    cut = {a: p.copy() for a, p in prices.items()}
    cut["XLB"][dates.index("2023-03-16") :] = np.nan
    print("decision,model,asset,expected")
    for decision in DECISIONS:
        t = dates.index(decision)
        window = lambda table: [a for a in ASSETS if np.isfinite(table[a][t - 253 : t]).all()]
        assets = window(prices)
        ps = [prices[a][:t] for a in assets]
        multi, months = multi_factor(dates, prices, t, assets)
        print(f"{decision}: {len(assets)} funds, {months} months", file=sys.stderr)
        models = {
            "historical": historical(ps),
            "shrinkage": shrinkage(ps),
            "momentum": momentum(ps),
            "mean_reversion": mean_reversion(ps),
            "multi_factor": multi,
        }
        lines = [(model, a, x) for model, values in models.items() for a, x in zip(assets, values)]
        if decision > "2023-03-15":
            left = window(cut)
            values, _ = multi_factor(dates, cut, t, left)
            lines += [("multi_factor_without_xlb", a, x) for a, x in zip(left, values)]
        for model, asset, value in lines:
            print(f"{decision},{model},{asset},{value:.17g}")


main()
