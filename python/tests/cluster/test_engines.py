"""Sweeps on real engines, a worker killed in the middle: every part once, every bit the same."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

import walkfolio as wf

NAMES = ["XLE", "XLF", "XLK", "SPY"]
CELLS = 40
SWEEP = {
    "objective": {"kind": "tracking_error", "window": 252},
    "every": "5d",
    "bounds": (0.0, 0.6),
    "grid": {
        "allocate.objective.window": [63, 126, 189, 252],
        "allocate.bounds.max": [0.5 + 0.01 * step for step in range(10)],
    },
}


@pytest.fixture(scope="module")
def prices():
    return wf.data.sample(NAMES, library="pandas")


@pytest.fixture(scope="module")
def whole(prices):
    return wf.run(SWEEP, prices, benchmark="SPY")


def same(grid, whole):
    """Every table, to the byte."""
    assert len(grid) == len(whole) == CELLS
    for name, content in whole._native.tables():
        assert dict(grid._native.tables())[name] == content, name


class Seen:
    """Counts of a sweep; something is done once when the first batches have ended."""

    def __init__(self, do):
        self.counts, self.do = [], do

    def __call__(self, done, every):
        self.counts.append(done)
        if done >= 8 and self.do is not None:
            do, self.do = self.do, None
            do()


@pytest.fixture(scope="module")
def dask():
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        yield client


def test_dask_with_a_worker_killed(dask, prices, whole):
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


def program(folder, prices, on):
    """`python -m walkfolio parts`, which `walkfolio run --on` calls, and the grid of what it leaves."""
    (folder / "study.toml").write_text(wf.Study({**SWEEP, "benchmark": "SPY"}).to_toml())
    prices.to_parquet(folder / "prices.parquet")
    command = [sys.executable, "-m", "walkfolio", "parts", "study.toml", "--on", on]
    options = ["--data", ".", "--into", "parts", "--build", wf._native.build(), "--set", 'market.source.kind="parquet"']
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"{CELLS} {CELLS}"
    study = wf.Study(folder / "study.toml", {"market.source.kind": "parquet"})
    return wf.assemble(study, folder / "parts", data=folder)


def test_the_program_on_dask(dask, prices, whole, tmp_path):
    where = dask.scheduler_info()["address"].removeprefix("tcp://")
    assert program(tmp_path, prices, f"dask://{where}").cells.equals(whole.cells)


def test_workers_write_to_s3_themselves(dask, prices, whole, monkeypatch):
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server").ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "walkfolio",
            "AWS_SECRET_ACCESS_KEY": "walkfolio",
            "AWS_DEFAULT_REGION": "us-east-1",
        }
        for key, value in keys.items():
            monkeypatch.setenv(key, value)
        dask.run(exec, f"import os; os.environ.update({keys!r})")
        import s3fs

        s3fs.S3FileSystem().mkdir("sweeps")
        out = "s3://sweeps/surface"
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=8, out=out), whole)
        names = [Path(path).name for path in s3fs.S3FileSystem(use_listings_cache=False).find("sweeps/surface")]
        assert sorted(name for name in names if name.startswith("cell-")) == [
            f"cell-{n:06d}.json" for n in range(CELLS)
        ]
        assert {"grid.parquet", "cells.parquet", "run.json"} <= set(names)
        # Started again: every part is there, and nothing is made.
        seen = Seen(None)
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=8, out=out, progress=seen), whole)
        assert seen.counts == []
    finally:
        server.stop()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_ray_with_a_node_killed_and_another_joining(prices, whole, tmp_path):
    ray = pytest.importorskip("ray")
    utils = pytest.importorskip("ray.cluster_utils")
    port = free_port()
    cluster = utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "ray_client_server_port": port})
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        ray.init(address=cluster.address, log_to_driver=False)

        def kill():
            cluster.remove_node(nodes[0], allow_graceful=False)
            cluster.add_node(num_cpus=1)

        seen = Seen(kill)
        began = time.perf_counter()
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on="ray", batch=4, progress=seen), whole)
        print(f"{CELLS} cells on three nodes: {time.perf_counter() - began:.1f} s")
        assert seen.do is None
        assert len(seen.counts) == CELLS // 4
        assert seen.counts[-1] == CELLS
        ray.shutdown()
        assert program(tmp_path, prices, f"ray://127.0.0.1:{port}").cells.equals(whole.cells)
    finally:
        ray.shutdown()
        cluster.shutdown()
