"""The sweep of these tests, and what they ask of it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import walkfolio as wf

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


def sample():
    """Prices of the sample market, the same in every process."""
    return wf.data.sample(["XLE", "XLF", "XLK", "SPY"], library="pandas")


def same(grid, whole):
    """Every table, to the byte."""
    assert len(grid) == len(whole) == CELLS
    tables = dict(grid._native.tables())
    for name, content in whole._native.tables():
        assert tables[name] == content, name


class Seen:
    """Counts of a sweep; something is done once when the first batches have ended."""

    def __init__(self, do=None):
        self.counts, self.do = [], do

    def __call__(self, done, every):
        assert every == CELLS
        self.counts.append(done)
        if done >= 8 and self.do is not None:
            do, self.do = self.do, None
            do()


def kept(folder):
    """The parts below a folder, each with the time at which it was written."""
    return {path.name: path.stat().st_mtime_ns for path in Path(folder).rglob("cell-*.json")}


def driver(address, out, *limit):
    """A sweep in a process of its own: `driver.py`."""
    command = [sys.executable, Path(__file__).with_name("driver.py"), address, str(out), *limit]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def another_build(folder):
    """A copy of the package with another build in it, as a worker has it that nobody updated."""
    package = shutil.copytree(Path(wf.__file__).parent, Path(folder) / "walkfolio")
    native = package / Path(wf._native.__file__).name
    own = wf._native.build().encode()
    content = native.read_bytes()
    assert own in content
    native.write_bytes(content.replace(own, own[::-1]))
    return str(folder)
