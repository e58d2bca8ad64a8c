"""Expected numbers of the tests of `inference`, computed without any of this program's code.

    python reference.py > expected.csv
"""

import itertools

import numpy as np
from arch.bootstrap import StationaryBootstrap, optimal_block_length
from scipy import stats


def noise(seed, count):
    """Uniform in [-0.5, 0.5), by the generator of Numerical Recipes: exact in any language."""
    state, values = seed, []
    for _ in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        values.append(state / 2**32 - 0.5)
    return values


def autoregressive(seed, count, phi, scale=0.02, drift=0.0):
    level, values = 0.0, []
    for shock in noise(seed, count):
        level = phi * level + scale * shock
        values.append(drift + level)
    return np.array(values)


def skewed(seed, count):
    return np.array([0.02 * e + 0.04 * e * e * e - 0.01 * e * e for e in noise(seed, count)])


def put(name, value):
    print(f"{name},{float(value)!r}")


def sharpe(x):
    return x.mean() / x.std(ddof=1)


def drawdown(x):
    wealth = np.concatenate([[1.0], np.cumprod(1 + x)])
    return (wealth / np.maximum.accumulate(wealth) - 1).min()


def block_lengths():
    for name, series in {
        "white": autoregressive(1, 1000, 0.0),
        "ar_0.5": autoregressive(2, 1000, 0.5),
        "ar_0.9": autoregressive(3, 2000, 0.9),
        "ar_-0.4": autoregressive(4, 500, -0.4),
        "ar_0.2": autoregressive(5, 4100, 0.2),
        "short": autoregressive(6, 60, 0.6),
        "ar_0.99": autoregressive(7, 300, 0.99),
    }.items():
        put(f"block_length.{name}", max(1.0, optimal_block_length(series)["stationary"].iloc[0]))


def intervals():
    """Quantiles over 100,000 resamples of `arch`, mean block 8."""
    x = autoregressive(11, 400, 0.3, drift=0.001)
    y = autoregressive(12, 400, 0.3, drift=0.0005) + 0.5 * x
    figures = lambda x, y: np.array(
        [x.mean() * 252, x.std(ddof=1) * 252**0.5, sharpe(x) * 252**0.5, drawdown(x),
         (sharpe(x) - sharpe(y)) * 252**0.5])
    bootstrap = StationaryBootstrap(8, x, y, seed=np.random.default_rng(1))
    draws = bootstrap.apply(figures, 100_000)
    names = ["mean", "volatility", "sharpe", "drawdown", "difference"]
    for name, column in zip(names, draws.T):
        for share in (0.05, 0.95):
            put(f"interval.{name}.{share}", np.quantile(column, share))


def studentized():
    """The test of the difference with geometric blocks, row by row."""
    x = autoregressive(21, 250, 0.3, drift=0.0012)
    y = autoregressive(22, 250, 0.3) + 0.3 * x
    rows, block, q = len(x), 5.0, 0.8
    data = np.column_stack([x, y, x**2, y**2])

    def difference(at):
        a, b, c, d = at
        va, vb = c - a * a, d - b * b
        gradient = [c / va**1.5, -d / vb**1.5, -a / (2 * va**1.5), b / (2 * vb**1.5)]
        return a / va**0.5 - b / vb**0.5, np.array(gradient)

    estimate, gradient = difference(data.mean(0))
    u = (data - data.mean(0)) @ gradient
    lagged = [u[k:] @ u[: rows - k] / rows for k in range(rows)]
    variance = lagged[0] + 2 * sum(q**k * lagged[k] for k in range(1, rows))
    error = (variance / rows) ** 0.5
    scale = (252 * (rows - 1) / rows) ** 0.5
    put("studentized.estimate", (sharpe(x) - sharpe(y)) * 252**0.5)
    put("studentized.error", error * scale)
    rng = np.random.default_rng(2)
    distances = []
    for _ in range(50_000):
        fresh = rng.random(rows) < 1 - q
        fresh[0] = True
        block_of_row = np.cumsum(fresh) - 1
        first = np.flatnonzero(fresh)
        starts = rng.integers(rows, size=len(first))
        index = (starts[block_of_row] + np.arange(rows) - first[block_of_row]) % rows
        sample = data[index]
        value, gradient = difference(sample.mean(0))
        u = (sample - sample.mean(0)) @ gradient
        sums = np.add.reduceat(u, first)
        distances.append(abs(value - estimate) / ((sums**2).sum() ** 0.5 / rows))
    put("studentized.p_value", np.mean(np.array(distances) >= abs(estimate) / error))
    put("studentized.critical", np.quantile(distances, 0.9))


def normal():
    for p in (1e-300, 1e-30, 1e-10, 0.001, 0.05, 0.07, 0.3, 0.5, 0.7, 0.95, 0.9999):
        put(f"quantile.{p}", stats.norm.ppf(p))
    for z in (-37.0, -10.0, -3.0, -0.5, 0.0, 0.25, 1.0, 5.0):
        put(f"cdf.{z}", stats.norm.cdf(z))


def deflated():
    trials = [skewed(seed, 700) + 0.0004 * (seed - 30) / 10 for seed in range(31, 51)]
    ratios = np.array([sharpe(t) for t in trials])
    best = trials[int(ratios.argmax())]
    skew, kurtosis = stats.skew(best), stats.kurtosis(best, fisher=False)
    gamma, count, variance = 0.5772156649015329, len(trials), ratios.var(ddof=1)
    expected = variance**0.5 * ((1 - gamma) * stats.norm.ppf(1 - 1 / count)
                                + gamma * stats.norm.ppf(1 - 1 / (count * np.e)))
    spread = (1 - skew * ratios.max() + (kurtosis - 1) / 4 * ratios.max() ** 2) ** 0.5
    put("deflated.variance", variance)
    put("deflated.expected", expected)
    put("deflated.probability", stats.norm.cdf((ratios.max() - expected) * 699**0.5 / spread))
    put("deflated.above_zero", stats.norm.cdf(ratios.max() * 699**0.5 / spread))
    shared = skewed(99, 700)
    correlated = [t + 0.7 * shared for t in trials]
    matrix = np.corrcoef(correlated)
    rho = matrix[np.triu_indices(count, 1)].mean()
    put("deflated.correlation", rho)
    put("deflated.effective", rho + (1 - rho) * count)


def overfitting():
    """Splits by copying rows; ranks by scipy."""
    trials = np.array([skewed(seed, 131) + 0.00005 * (seed - 62) for seed in range(60, 72)]).T
    blocks = np.array_split(trials[131 % 8 :], 8)
    logits, pairs = [], []
    for chosen in itertools.combinations(range(8), 4):
        rest = [b for b in range(8) if b not in chosen]
        inside, outside = (np.concatenate([blocks[b] for b in half]) for half in (chosen, rest))
        inside, outside = (half.mean(0) / half.std(0, ddof=1) for half in (inside, outside))
        best = inside.argmax()
        w = stats.rankdata(outside)[best] / 13
        logits.append(np.log(w / (1 - w)))
        pairs.append((inside[best], outside[best]))
    logits, pairs = np.array(logits), np.array(pairs)
    line = stats.linregress(pairs[:, 0], pairs[:, 1])
    put("overfitting.splits", len(logits))
    put("overfitting.probability", (logits <= 0).mean())
    put("overfitting.loss", (pairs[:, 1] < 0).mean())
    put("overfitting.logit_mean", logits.mean())
    put("overfitting.logit_deviation", logits.std())
    put("overfitting.slope", line.slope)
    put("overfitting.intercept", line.intercept)
    put("overfitting.r_squared", line.rvalue**2)


def fit():
    x = skewed(80, 900)
    test = stats.jarque_bera(x)
    counts, edges = np.histogram(x, bins="fd")
    put("fit.jarque_bera", test.statistic)
    put("fit.p_value", test.pvalue)
    put("fit.bins", len(counts))
    for bin, count in enumerate(counts):
        put(f"fit.count.{bin}", count)
    expected = 900 * np.diff(stats.norm.cdf(edges, x.mean(), x.std(ddof=1)))
    put("fit.expected_first", expected[0])
    points = stats.norm.ppf((np.arange(900) + 0.5) / 900, x.mean(), x.std(ddof=1))
    for index in (0, 449, 899):
        put(f"fit.normal.{index}", points[index])
        put(f"fit.observed.{index}", np.sort(x)[index])


for part in (block_lengths, intervals, studentized, normal, deflated, overfitting, fit):
    part()
