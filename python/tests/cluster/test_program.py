"""`walkfolio run --on`, the program itself: on Dask, killed and resumed, and where something is not installed."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sweeps import CELLS, SWEEP, kept

import walkfolio as wf


class Program:
    """The program in a folder with a study and its prices."""

    def __init__(self, binary, folder, prices):
        self.binary, self.folder = binary, folder
        study = {
            **SWEEP,
            "benchmark": "SPY",
            "market": {"source": {"kind": "parquet"}, "files": {"prices": "prices.parquet"}},
        }
        (folder / "study.toml").write_text(wf.Study(study).to_toml())
        prices.to_parquet(folder / "prices.parquet")
        # How far each call of Python was.
        self.log = folder / "log"
        self.python = folder / "python"
        self.python.write_text(f'#!/bin/sh\n"{sys.executable}" "$@" | tee "{self.log}"\n')
        self.python.chmod(0o755)

    def start(self, out, *options, python=None):
        command = [self.binary, "run", "study.toml", "--data", ".", "--out", out, *options]
        environment = {**os.environ, "WALKFOLIO_PYTHON": str(python or self.python)}
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        return subprocess.Popen(command, cwd=self.folder, env=environment, start_new_session=True, **streams)

    def run(self, out, *options, python=None):
        """The exit code, and what it said, without the spaces, as its lines end anywhere."""
        with self.start(out, *options, python=python) as started:
            _, said = started.communicate()
        return started.returncode, "".join(said.replace("│", " ").split())

    def kill(self, out, *options):
        """Starts it and kills it, Python and all, when the first parts are there; how many there are."""
        with self.start(out, *options) as started:
            while not kept(self.folder / out):
                assert started.poll() is None, started.communicate()
                time.sleep(0.01)
            os.killpg(started.pid, 9)
        return len(kept(self.folder / out))

    def same(self, one, other):
        """Every table but the times, to the byte."""
        names = {path.name for path in (self.folder / one).glob("*.parquet")} - {"timings.parquet"}
        assert {"grid.parquet", "cells.parquet", "ledger.parquet"} <= names
        for name in names:
            assert (self.folder / one / name).read_bytes() == (self.folder / other / name).read_bytes(), name


@pytest.fixture
def program(binary, prices, tmp_path):
    return Program(binary, tmp_path, prices)


def heard(said, *texts):
    """Whether the program said each of these."""
    assert all("".join(text.split()) in said for text in texts), said


def killed_and_resumed(program, address):
    """The program on a cluster: killed in the middle, resumed there, the same as without one."""
    assert program.run("whole")[0] == 0
    done = program.kill("spread", "--on", address)
    assert 1 <= done < CELLS
    code, said = program.run("spread", "--on", address, "--resume")
    assert code == 0, said
    program.same("whole", "spread")
    # The first part is made where Python is: it says how long one takes.
    lines = program.log.read_text().splitlines()
    assert lines[0] == f"{done + 1} {CELLS}"
    assert lines[-1] == f"{CELLS} {CELLS}"


def test_killed_and_resumed_on_dask(program, address):
    killed_and_resumed(program, address)


def test_nothing_answers(program, monkeypatch):
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    code, said = program.run("out", "--on", "dask://127.0.0.1:1", python=sys.executable)
    assert code == 2
    heard(said, "no cluster answers at dask://127.0.0.1:1", "check its address")


def test_python_is_not_installed(program):
    code, said = program.run("out", "--on", "ray://", python="/nowhere/python3")
    assert code == 2
    heard(said, "cannot start /nowhere/python3", "pip install 'walkfolio[ray]'")


@pytest.fixture
def bare(tmp_path):
    """An interpreter without any package."""
    made = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", made], check=True)
    return made / "bin/python"


def test_the_package_is_not_installed(program, bare):
    code, said = program.run("out", "--on", "dask://", python=bare)
    assert code == 2
    heard(said, f"{bare} has no package walkfolio", "pip install 'walkfolio[dask]'")


@pytest.mark.parametrize("engine", ["ray", "dask"])
def test_the_engine_is_not_installed(program, bare, engine):
    packages = next(Path(bare).parents[1].glob("lib/python*/site-packages"))
    for package in (Path(wf.__file__).parent, Path(np.__file__).parent, Path(np.__file__).parents[1] / "numpy.libs"):
        with contextlib.suppress(FileNotFoundError):
            (packages / package.name).symlink_to(package.resolve(strict=True))
    code, said = program.run("out", "--on", f"{engine}://", python=bare)
    assert code == 2
    package = {"dask": "dask.distributed", "ray": "ray"}[engine]
    heard(said, f"{package} is not installed", f"pip install 'walkfolio[{engine}]'")
