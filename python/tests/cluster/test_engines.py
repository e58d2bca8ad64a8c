"""Sweeps on real engines, a worker killed in the middle: every cell once, every bit the same."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

import walkfolio as wf

NAMES = ["XLE", "XLF", "XLK", "SPY"]
SWEEP = {
    "objective": {"kind": "tracking_error", "window": 252},
    "every": "1d",
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
    assert len(grid) == len(whole) == 40
    for name, content in whole._native.tables():
        assert dict(grid._native.tables())[name] == content, name


def test_dask_with_a_worker_killed(prices, whole):
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None)
    with cluster, distributed.Client(cluster) as client:
        pids = list(client.run(os.getpid).values())

        def kill():
            time.sleep(1.0)
            os.kill(pids[0], signal.SIGKILL)

        threading.Thread(target=kill).start()
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on=client, batch=4), whole)


def test_ray_with_a_node_killed(prices, whole):
    ray = pytest.importorskip("ray")
    utils = pytest.importorskip("ray.cluster_utils")
    cluster = utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]
        ray.init(address=cluster.address, log_to_driver=False)

        def kill():
            time.sleep(2.0)
            cluster.remove_node(nodes[0], allow_graceful=False)

        thread = threading.Thread(target=kill)
        thread.start()
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on="ray", batch=4), whole)
        thread.join()
    finally:
        ray.shutdown()
        cluster.shutdown()
