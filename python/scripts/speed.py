"""How long Walkfolio takes through Python next to its peers, overhead included: the table of the book.

python scripts/speed.py            all of it
python scripts/speed.py sheet      the rows with this word
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

import walkfolio as wf
from walkfolio import sklearn as ours

warnings.simplefilter("ignore")
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)


def seconds(call: Callable[[], object]) -> float:
    """The least of many calls, three at least and for two seconds, after one that warms up.

    Of the processor, by all threads: what else runs on the machine does not lengthen it.
    """
    call()
    taken: list[float] = []
    while len(taken) < 3 or sum(taken) < 2:
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return min(taken)


def rows() -> list[tuple[str, Callable[[], object], dict[str, Callable[[], object]]]]:
    import pypfopt
    import quantstats
    import riskfolio
    from skfolio import RiskMeasure
    from skfolio.datasets import load_sp500_dataset
    from skfolio.model_selection import WalkForward, cross_val_predict
    from skfolio.optimization import (
        BenchmarkTracker,
        HierarchicalRiskParity,
        MeanRisk,
        ObjectiveFunction,
        RiskBudgeting,
    )

    returns = load_sp500_dataset().pct_change().dropna().iloc[-2000:]
    year = returns.iloc[-252:]
    target = pd.Series(year.to_numpy() @ np.linspace(0, 0.1, 20), index=year.index)
    mu, sigma = year.mean() * 252, year.cov() * 252
    own, other = returns["AAPL"], returns["MSFT"]
    place = tempfile.mkdtemp(prefix="walkfolio-")

    def sharpe() -> object:
        frontier = pypfopt.EfficientFrontier(mu, sigma)
        return frontier.max_sharpe(risk_free_rate=0.0)

    def least() -> object:
        return pypfopt.EfficientFrontier(mu, sigma).min_volatility()

    def budgets() -> object:
        return moments().rp_optimization(model="Classic", rm="MV")

    def tail() -> object:
        return moments().optimization(model="Classic", rm="CVaR", obj="MinRisk")

    def moments() -> riskfolio.Portfolio:
        portfolio = riskfolio.Portfolio(returns=year)
        portfolio.assets_stats(method_mu="hist", method_cov="hist")
        return portfolio

    def tree() -> object:
        return riskfolio.HCPortfolio(returns=year).optimization(model="HRP", linkage="single", leaf_order=False)

    def metrics() -> object:
        return quantstats.reports.metrics(own, mode="full", display=False)

    def page() -> object:
        return quantstats.reports.html(own, other, output=f"{place}/other.html")

    walk = WalkForward(train_size=252, test_size=17)
    return [
        (
            "track 20 assets, 252 rows",
            lambda: wf.optimize.track(year, target),
            {"skfolio": lambda: BenchmarkTracker().fit(year, target)},
        ),
        (
            "minimum variance, 20 assets",
            lambda: wf.optimize.min_variance(sigma),
            {"skfolio": lambda: MeanRisk().fit(year), "PyPortfolioOpt": least},
        ),
        (
            "maximum Sharpe ratio, 20 assets",
            lambda: wf.optimize.max_sharpe(mu, sigma),
            {
                "skfolio": lambda: MeanRisk(objective_function=ObjectiveFunction.MAXIMIZE_RATIO).fit(year),
                "PyPortfolioOpt": sharpe,
            },
        ),
        (
            "minimum CVaR, 20 assets, 252 rows",
            lambda: wf.optimize.min_cvar(year),
            {"skfolio": lambda: MeanRisk(risk_measure=RiskMeasure.CVAR).fit(year), "Riskfolio": tail},
        ),
        (
            "risk parity, 20 assets",
            lambda: wf.optimize.risk_parity(sigma),
            {"skfolio": lambda: RiskBudgeting().fit(year), "Riskfolio": budgets},
        ),
        (
            "hierarchical risk parity, 20 assets",
            lambda: wf.optimize.hrp(sigma),
            {
                "skfolio": lambda: HierarchicalRiskParity().fit(year),
                "PyPortfolioOpt": lambda: pypfopt.HRPOpt(year).optimize(),
                "Riskfolio": tree,
            },
        ),
        (
            "walk forward, minimum variance, 102 folds",
            lambda: [ours.MinimumVariance().fit(returns.iloc[train]) for train, _ in walk.split(returns)],
            {"skfolio": lambda: cross_val_predict(MeanRisk(), returns, cv=walk)},
        ),
        ("every measure of 2,000 returns", lambda: wf.stats.measures(own), {"quantstats": metrics}),
        (
            "tear sheet of 2,000 returns, as a file",
            lambda: wf.stats.tearsheet(own, other).save(f"{place}/own.html"),
            {"quantstats": page},
        ),
    ]


if __name__ == "__main__":
    print("| what | Walkfolio | others |\n|---|---:|---|")
    for name, call, peers in rows():
        if sys.argv[1:] and not any(word in name for word in sys.argv[1:]):
            continue
        found = {peer: seconds(other) for peer, other in peers.items()}
        others = ", ".join(f"{peer} {1000 * took:.1f} ms" for peer, took in found.items())
        print(f"| {name} | {1000 * seconds(call):.2f} ms | {others} |", flush=True)
