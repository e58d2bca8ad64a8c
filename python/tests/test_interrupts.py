"""Ctrl-C within a tenth of a second, whatever is being done.

What shares the machine with the tests makes seconds longer, and not the work that is done until a signal is heard: that
is what is held to a bound. `pytest -s test_interrupts.py` prints both.
"""

from __future__ import annotations

import concurrent.futures
import signal
import time

import numpy as np
import pytest

import walkfolio as wf

pd = pytest.importorskip("pandas")

DAILY = {"objective": {"kind": "tracking_error", "window": 504}, "every": "1d", "bounds": (0.0, 0.6)}
CELLS = [0.5 + 0.0001 * step for step in range(1000)]
GRID = {**DAILY, "max_holdings": 2, "grid": {"allocate.bounds.max": CELLS}}
WORLDS = {**DAILY, "robustness": {"start_dates": True, "bootstrap": {"worlds": 1000}}}
NOISE = np.random.default_rng(7)
WIDE = NOISE.normal(0, 0.01, (2000, 400))
SERIES = WIDE[:, 0]
LONG = 200_000


class Solves(wf.Policy):
    """A policy that solves a problem of its own at each decision."""

    rows = 504

    def decide(self, past, holdings):
        weights = wf.optimize.min_variance(np.cov(past.frame("returns", 504)[past.eligible].T)).weights
        return dict(zip(past.eligible, weights, strict=True))


def accounts(prices):
    book = pd.DataFrame({"account": [f"a{number:06d}" for number in range(50_000)], "cash": 1e5})
    held = pd.DataFrame({"account": book["account"], "ticker": "XLE", "shares": 100})
    return lambda: wf.decide_accounts({**DAILY, "every": "month"}, book, held, prices=prices, benchmark="SPY")


def search():
    many, other = WIDE[:100, :120], WIDE[:100, 200]
    return wf.optimize.track(many, other, max_holdings=25, solver=wf.optimize.Solver(nodes=10**12))


def over_and_over(work):
    """One after the other: what takes less than the time until the signal is begun again."""

    def repeated():
        while True:
            work()

    return repeated


@pytest.fixture(scope="module")
def made(prices):
    """A run whose report and verification are interrupted."""
    return wf.run({**DAILY, "every": "week"}, prices, benchmark="SPY")


KINDS = {
    "run": lambda prices, _: lambda: wf.run(DAILY, prices, benchmark="SPY"),
    "grid": lambda prices, _: lambda: wf.run(GRID, prices, benchmark="SPY"),
    "sweep": lambda prices, _: lambda: wf.sweep(GRID, prices, benchmark="SPY"),
    "robustness": lambda prices, _: lambda: wf.run(WORLDS, prices, benchmark="SPY"),
    "search of holdings": lambda *_: search,
    "minimum CVaR": lambda *_: lambda: wf.optimize.min_cvar(WIDE),
    "minimum CDaR": lambda *_: lambda: wf.optimize.min_cdar(WIDE[:1000, :200]),
    "frontier": lambda *_: lambda: wf.optimize.frontier(WIDE[0], np.cov(WIDE.T)),
    "policy in Python": lambda prices, _: lambda: wf.backtest(Solves(), prices, every="1d"),
    "audit": lambda prices, _: lambda: wf.audit(DAILY, prices, benchmark="SPY"),
    "audit of a policy": lambda prices, _: lambda: wf.audit(Solves(), prices, every="1d"),
    "verification": lambda _, made: made.verify,
    "report": lambda _, made: made._native.report,
    "accounts": lambda prices, _: accounts(prices),
    "interval": lambda *_: lambda: wf.stats.interval("max_drawdown", SERIES, resamples=LONG),
    "interval of moments": lambda *_: lambda: wf.stats.interval("volatility", SERIES, resamples=10 * LONG),
    "difference": lambda *_: lambda: wf.stats.sharpe_difference(SERIES, WIDE[:, 1], resamples=10 * LONG),
    "overfitting": lambda *_: lambda: wf.stats.overfitting(WIDE[:, :100], blocks=14),
    "covariance": lambda *_: lambda: wf.estimate.covariance.gerber(WIDE),
}


def latency(work, after):
    """Seconds of the wall and of the processor from a signal to the exception."""
    pressed = []

    def press(*_):
        pressed.append((time.perf_counter(), time.process_time()))
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, press)
    try:
        signal.setitimer(signal.ITIMER_REAL, after)
        with pytest.raises(KeyboardInterrupt):
            work()
        return time.perf_counter() - pressed[0][0], time.process_time() - pressed[0][1]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("kind", KINDS)
def test_a_signal_is_heard(kind, prices, made):
    work = over_and_over(KINDS[kind](prices, made))
    found = [latency(work, after) for after in (0.2, 0.33, 0.47)]
    for part, name in enumerate(("wall", "cpu")):
        print(f"{kind:20} {name} {' '.join(f'{1000 * each[part]:5.0f}' for each in found)} ms")
    # A tenth of a second on each of two cores, of work that may be begun at any moment.
    assert sorted(cpu for _, cpu in found)[1] < 0.2


def test_a_pool_is_left_without_its_tasks(prices):
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        _, cpu = latency(lambda: wf.sweep(GRID, prices, benchmark="SPY", on=pool, batch=1), 0.5)
    assert cpu < 0.2
