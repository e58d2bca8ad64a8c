"""Sweeps on Ray with three nodes: one killed while another joins, workers of another version, and the program."""

from __future__ import annotations

import os
import socket

import pytest
from sweeps import CELLS, SWEEP, Seen, another_build, kept, same
from test_program import Program, killed_and_resumed

import walkfolio as wf

# Small, alone on this machine, and not behind everything else that it does: Ray's workers are nice otherwise.
SETTINGS = {"RAY_worker_niceness": "0", "RAY_enable_metrics_collection": "0", "RAY_USAGE_STATS_ENABLED": "0"}
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20}


@pytest.fixture(scope="module")
def ray():
    # Before it is imported.
    os.environ.update(SETTINGS)
    found = pytest.importorskip("ray")
    yield found
    found.shutdown()


class Nodes:
    """Three nodes of one processor each, and the port at which others reach them."""

    def __init__(self, cluster):
        self.cluster, self.port = cluster, free_port()
        self.head = cluster(initialize_head=True, head_node_args={**NODE, "ray_client_server_port": self.port})
        self.nodes = [self.head.add_node(**NODE) for _ in range(2)]

    def replace(self):
        """One is killed, and another joins."""
        self.head.remove_node(self.nodes.pop(), allow_graceful=False)
        self.nodes.append(self.head.add_node(**NODE))


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="module")
def nodes(ray):
    started = Nodes(pytest.importorskip("ray.cluster_utils").Cluster)
    yield started
    ray.shutdown()
    started.head.shutdown()


def test_a_node_is_killed_and_another_joins(ray, nodes, prices, whole):
    ray.init(address=nodes.head.address, log_to_driver=False)
    try:
        seen = Seen(nodes.replace)
        same(wf.sweep(SWEEP, prices, benchmark="SPY", on="ray", batch=4, progress=seen), whole)
    finally:
        ray.shutdown()
    assert seen.do is None
    assert len(seen.counts) == CELLS // 4
    assert seen.counts[-1] == CELLS


def test_workers_of_another_version_are_refused(ray, nodes, prices, tmp_path):
    path = another_build(tmp_path / "packages")
    ray.init(address=nodes.head.address, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": path}})
    try:
        with pytest.raises(wf.RunError, match="a worker has build") as caught:
            wf.sweep(SWEEP, prices, benchmark="SPY", on="ray", batch=20, out=tmp_path / "out")
    finally:
        ray.shutdown()
    assert type(caught.value) is wf.RunError
    assert caught.value.hint == "install the same version of walkfolio everywhere"
    assert not kept(tmp_path / "out")


def test_the_program_is_killed_and_resumed(nodes, binary, prices, tmp_path):
    killed_and_resumed(Program(binary, tmp_path, prices), f"ray://127.0.0.1:{nodes.port}")
