"""Sweeps: the same grid however it is run, nothing lost, nothing twice."""

from __future__ import annotations

import concurrent.futures
import multiprocessing

import pytest
from support import STUDY

import walkfolio as wf

SWEEP = {
    **STUDY,
    "every": "quarter",
    "grid": {"allocate.objective.window": [126, 252], "allocate.bounds.max": [0.5, 0.6, 0.7]},
}


@pytest.fixture(scope="module")
def whole(prices):
    return wf.run(SWEEP, prices, benchmark="SPY")


def same(grid, whole):
    """Every file but what a clock writes, to the byte."""
    assert len(grid) == len(whole) == 6
    for name, content in whole._native.tables():
        assert dict(grid._native.tables())[name] == content, name


def test_a_sweep_is_the_grid(prices, whole):
    same(wf.sweep(SWEEP, prices, benchmark="SPY"), whole)


def test_processes_give_the_same_bits(prices, whole):
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=2), whole)


def test_threads_of_an_executor(prices, whole):
    seen = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=1, progress=lambda *counts: seen.append(counts))
    same(found, whole)
    assert seen[-1] == (6, 6)


def test_a_sweep_that_was_killed_goes_on(prices, whole, tmp_path):
    class Dies(concurrent.futures.ThreadPoolExecutor):
        calls = 0

        def submit(self, function, *arguments):
            def run():
                Dies.calls += 1
                if Dies.calls > 2:
                    raise OSError("no space left on device")
                return function(*arguments)

            return super().submit(run)

    with Dies(1) as pool, pytest.raises(OSError, match="no space left"):
        wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=1, out=tmp_path)
    kept = sorted(path.name for path in tmp_path.rglob("cell-*.json"))
    assert 1 <= len(kept) <= 2
    ran = []

    class Counts(concurrent.futures.ThreadPoolExecutor):
        def submit(self, function, *arguments):
            ran.extend(arguments[-1])
            return super().submit(function, *arguments)

    with Counts(1) as pool:
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=1, out=tmp_path), whole)
    assert len(ran) == 6 - len(kept)
    assert not list(tmp_path.rglob("*.tmp"))
    # Other data have another key: nothing of theirs is taken.
    other = prices * 1.0
    other.iloc[5, 0] *= 1.01
    with Counts(1) as pool:
        wf.sweep(SWEEP, other, benchmark="SPY", on=pool, batch=3, out=tmp_path)
    assert len(ran) == 12 - len(kept)


def test_cells_by_hand(prices, whole, tmp_path):
    study = wf.Study({**SWEEP, "benchmark": "SPY"})
    wf.run_cells(study, [4, 1], tmp_path, prices=prices, benchmark="SPY")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cell-000001.json", "cell-000004.json"]
    same(wf.assemble(study, tmp_path, prices=prices, benchmark="SPY"), whole)
    with pytest.raises(wf.RunError, match="there is no cell 6"):
        wf.run_cells(study, [6], tmp_path, prices=prices, benchmark="SPY")


def test_what_a_sweep_refuses(prices):
    from walkfolio.sweep import _batch

    with pytest.raises(wf.RunError, match="no grid"):
        wf.sweep(STUDY, prices, benchmark="SPY")
    with pytest.raises(wf.DataError, match="does not run on str"):
        wf.sweep(SWEEP, prices, benchmark="SPY", on="spark")
    study, data = wf.run.__globals__["prepared"](SWEEP, {"prices": prices, "benchmark": "SPY"})
    with pytest.raises(wf.RunError, match="a worker has build"):
        _batch(study, data, "another", [0])
