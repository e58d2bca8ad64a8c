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


def test_a_place_that_cannot_be_written(prices, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with concurrent.futures.ThreadPoolExecutor(1) as pool, pytest.raises(wf.RunError, match="cannot write") as caught:
        wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=1, out=tmp_path / "file")
    assert str(tmp_path / "file") in caught.value.message
    assert caught.value.hint.startswith("put that right and start it again")


def test_cells_by_hand(prices, whole, tmp_path):
    study = wf.Study({**SWEEP, "benchmark": "SPY"})
    wf.run_cells(study, [4, 1], tmp_path, prices=prices, benchmark="SPY")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cell-000001.json", "cell-000004.json"]
    same(wf.assemble(study, tmp_path, prices=prices, benchmark="SPY"), whole)
    with pytest.raises(wf.RunError, match="there is no cell 6"):
        wf.run_cells(study, [6], tmp_path, prices=prices, benchmark="SPY")


def test_what_a_sweep_refuses(prices):
    from walkfolio._sweep import Parts

    with pytest.raises(wf.RunError, match="no grid"):
        wf.sweep(STUDY, prices, benchmark="SPY")
    with pytest.raises(wf.DataError, match="does not run on 'spark'"):
        wf.sweep(SWEEP, prices, benchmark="SPY", on="spark")
    study, data = wf.run.__globals__["prepared"](SWEEP, {"prices": prices, "benchmark": "SPY"})
    with pytest.raises(wf.RunError, match="a worker has build"):
        Parts(study, data, "key", "another")([0])
    with pytest.raises(wf.RunError, match="other data than the sweep"):
        Parts(study, data, "key", wf._native.build())([0])


def test_moved_and_resampled_backtests_are_parts(prices, tmp_path):
    """The start dates and worlds of `[robustness]` on a pool: the run has the same bits."""
    study = {
        **STUDY,
        "every": "year",
        "robustness": {"start_dates": True, "bootstrap": {"worlds": 7}},
    }
    whole = wf.run(study, prices, benchmark="SPY")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = wf.sweep(study, prices, benchmark="SPY", on=pool, batch=9, out=tmp_path)
    assert isinstance(found, wf.Run)
    own, other = dict(found._native.tables()), dict(whole._native.tables())
    assert own.keys() == other.keys()
    assert [name for name in own if own[name] != other[name]] in ([], ["timings.parquet"])
    assert len(list(tmp_path.rglob("cell-*.json"))) == 63 + 7
    assert any(path.name == "returns.parquet" for path in tmp_path.rglob("*.parquet"))
    with pytest.raises(wf.RunError, match="there is no cell 70 from 0 on: the study has 70"):
        wf.run_cells(wf.Study({**study, "benchmark": "SPY"}), [70], tmp_path, prices=prices, benchmark="SPY")


def test_an_object_store_keeps_what_is_made(prices, whole):
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.rm("/sweeps", recursive=True) if memory.exists("/sweeps") else None
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=2, out="memory://sweeps"), whole)
    names = sorted(path.rpartition("/")[2] for path in memory.find("/sweeps"))
    assert [name for name in names if name.startswith("cell-")] == [f"cell-{cell:06d}.json" for cell in range(6)]
    assert {"grid.parquet", "run.json"} <= set(names)

    class Nothing(concurrent.futures.ThreadPoolExecutor):
        def submit(self, function, *arguments):
            raise AssertionError("every cell is there")

    with Nothing(1) as pool:
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=pool, batch=2, out="memory://sweeps"), whole)
    # Without an engine, too: what is made on this machine is kept there as it is made.
    memory.rm("/sweeps", recursive=True)
    same(wf.sweep(SWEEP, prices, benchmark="SPY", out="memory://sweeps"), whole)
    assert len([path for path in memory.find("/sweeps") if "/cell-" in path]) == 6
    with pytest.raises(wf.DataError, match="cannot be reached"):
        wf.sweep(SWEEP, prices, benchmark="SPY", out="nowhere://sweeps")


def test_batches_take_a_second_or_more():
    from walkfolio._engines import Options

    assert [len(some) for some in Options(None, 0.1, 3).cut(list(range(95)), 2)] == [12] * 7 + [11]
    assert [len(some) for some in Options(None, 0.01, 3).cut(list(range(250)), 2)] == [100, 100, 50]
    assert [len(some) for some in Options(7, 0.01, 3).cut(list(range(15)), 2)] == [7, 7, 1]


def test_the_program_asks_for_parts(prices, tmp_path, capsys):
    """What `walkfolio run --on` calls, as far as it is checked without a cluster."""
    from walkfolio.__main__ import main

    study = tmp_path / "study.toml"
    study.write_text(wf.Study({**SWEEP, "benchmark": "SPY"}).to_toml())
    prices.to_parquet(tmp_path / "prices.parquet")
    where = ["parts", str(study), "--data", str(tmp_path), "--into", str(tmp_path / "parts"), "--on"]
    assert main([*where, "spark://here"]) == 1
    assert "error: a sweep does not run on 'spark://here'" in capsys.readouterr().err
    assert main([*where, "ray://", "--build", "another"]) == 1
    assert "hint: install the wheel of the same version" in capsys.readouterr().err
