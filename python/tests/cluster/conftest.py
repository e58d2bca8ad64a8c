"""What the tests of engines share: one sweep, made once on this machine alone, and a Dask cluster."""

from __future__ import annotations

import pytest
from sweeps import SWEEP, sample

import walkfolio as wf


@pytest.fixture(scope="session")
def prices():
    return sample()


@pytest.fixture(scope="session")
def whole(prices):
    return wf.run(SWEEP, prices, benchmark="SPY")


@pytest.fixture(scope="session")
def dask():
    """A client of two workers, each a process."""
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0")
    with cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="session")
def address(dask):
    """The address of that cluster, as `on` takes it."""
    return "dask://" + dask.scheduler_info()["address"].removeprefix("tcp://")
