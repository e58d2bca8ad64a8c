"""Sweeps on Dask with two workers: lost ones, a killed driver, a full disk; every part once, every bit the same."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys

import pytest
from sweeps import CELLS, SWEEP, Seen, another_build, driver, kept, same

import walkfolio as wf


def test_a_worker_is_killed(dask, prices, whole):
    pids = dask.run(os.getpid)

    def kill():
        os.kill(next(iter(pids.values())), signal.SIGKILL)

    seen = Seen(kill)
    same(wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=4, progress=seen), whole)
    assert seen.do is None
    assert seen.counts[-1] == CELLS
    # Every batch once: what was lost was made again and not counted twice.
    assert len(seen.counts) == CELLS // 4
    # Dask has started another worker in its place.
    assert set(dask.run(os.getpid).values()) != set(pids.values())


def test_the_driver_is_killed_and_started_again(dask, address, prices, whole, tmp_path):
    with driver(address, tmp_path) as first:
        for line in first.stdout:
            if int(line.split()[0]) >= 8:
                break
        first.kill()
    before = kept(tmp_path)
    assert 8 <= len(before) < CELLS
    seen = Seen()
    same(wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=2, out=tmp_path, progress=seen), whole)
    # It goes on where the first one was, and makes nothing again.
    assert seen.counts[0] <= len(before) + 2
    assert len(seen.counts) == -(-(CELLS - len(before)) // 2)
    after = kept(tmp_path)
    assert len(after) == CELLS
    assert {name: after[name] for name in before} == before


def test_the_disk_of_the_driver_is_full(dask, address, prices, whole, tmp_path):
    with driver(address, tmp_path, "1") as full:
        _, said = full.communicate()
    assert full.returncode == 1
    assert "cannot write" in said
    assert "File too large" in said
    assert "what is finished is kept" in said
    assert len(kept(tmp_path)) == 2
    assert not list(tmp_path.rglob("*.tmp"))
    seen = Seen()
    same(wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=2, out=tmp_path, progress=seen), whole)
    assert (seen.counts[0], len(seen.counts)) == (4, (CELLS - 2) // 2)


def limit(bytes_of_a_file):
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_of_a_file, resource.RLIM_INFINITY))


def test_the_disks_of_the_workers_are_full(dask, prices, whole, tmp_path):
    dask.run(limit, 1)
    try:
        with pytest.raises(wf.RunError, match="cannot write") as caught:
            wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=4, retries=0, out=tmp_path)
    finally:
        dask.run(limit, resource.RLIM_INFINITY)
    assert "File too large" in caught.value.message
    assert not kept(tmp_path)
    same(wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=4, out=tmp_path), whole)


@contextlib.contextmanager
def worker(scheduler, path):
    """A worker of its own, which finds its packages there first."""
    command = [sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--no-nanny", "--nthreads", "1"]
    environment = {**os.environ, "PYTHONPATH": path}
    started = subprocess.Popen([*command, "--no-dashboard"], env=environment, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        started.kill()
        started.wait()


def test_a_worker_of_another_version_is_refused(prices, tmp_path):
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=0, dashboard_address=":0")
    path = another_build(tmp_path / "packages")
    with cluster, distributed.Client(cluster) as client, worker(cluster.scheduler_address, path):
        client.wait_for_workers(1)
        with pytest.raises(wf.RunError, match="a worker has build") as caught:
            wf.sweep(SWEEP, prices, benchmark="SPY", on=client, batch=4, retries=0, out=tmp_path / "out")
    assert caught.value.hint == "install the same version of walkfolio everywhere"
    assert not kept(tmp_path / "out")
