"""Workers that write to an object store themselves, which is that of moto on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest
from sweeps import CELLS, SWEEP, Seen, same

import walkfolio as wf


@pytest.fixture
def bucket(dask, monkeypatch):
    """Objects below `s3://sweeps`, which this process and the workers reach."""
    s3fs = pytest.importorskip("s3fs")
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
        s3fs.S3FileSystem().mkdir("sweeps")
        yield s3fs.S3FileSystem(use_listings_cache=False)
    finally:
        server.stop()


def objects(bucket):
    """The objects of a sweep by name, each with its path and the time at which it was put."""
    found = bucket.find("sweeps/surface", detail=True)
    return {Path(path).name: (path, about["LastModified"]) for path, about in found.items()}


def test_parts_are_put_once(dask, bucket, prices, whole):
    def sweep(seen):
        return wf.sweep(SWEEP, prices, benchmark="SPY", on=dask, batch=8, out="s3://sweeps/surface", progress=seen)

    same(sweep(Seen()), whole)
    made = objects(bucket)
    cells = [f"cell-{number:06d}.json" for number in range(CELLS)]
    assert sorted(name for name in made if name.startswith("cell-")) == cells
    assert {"grid.parquet", "cells.parquet", "run.json"} <= set(made)
    # Started again: every part is there, and nothing is made.
    seen = Seen()
    same(sweep(seen), whole)
    assert seen.counts == []
    # What a driver did not come to is made, and nothing else.
    lost = cells[5:17]
    bucket.rm([made[name][0] for name in lost])
    seen = Seen()
    same(sweep(seen), whole)
    # Batches of 8 and 4, whichever ends first.
    assert seen.counts in ([CELLS - 4, CELLS], [CELLS - 8, CELLS])
    again = objects(bucket)
    assert all(again[name] == made[name] for name in cells if name not in lost)
