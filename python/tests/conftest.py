"""What the tests share: real prices where they are found, the sample market elsewhere."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
from support import NAMES, ROOT, STUDY

import walkfolio as wf


@pytest.fixture(scope="session", autouse=True)
def keyboard():
    """Ctrl-C as a terminal sends it: a job in the background starts with the signal ignored."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def prices():
    """Prices of the sample market, in pandas."""
    pytest.importorskip("pandas")
    return wf.data.sample(NAMES, library="pandas")


@pytest.fixture(scope="session")
def returns(prices):
    """Their returns, two years of them."""
    return prices.pct_change().iloc[1:505]


@pytest.fixture(scope="session")
def run(prices):
    """A run of the sample market."""
    return wf.run(STUDY, prices, benchmark="SPY")


@pytest.fixture(scope="session")
def real():
    """The folder of real data; without it a test is skipped, and fails in continuous integration."""
    folder = Path(os.environ.get("WALKFOLIO_DATA", ROOT / "../shared/data"))
    if not folder.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail("real data not found")
        pytest.skip("real data not found")
    return folder


@pytest.fixture
def rng():
    """Random numbers, the same every time."""
    return np.random.default_rng(7)


@pytest.fixture(scope="session")
def binary():
    """The program, of the same build as the package."""
    found = os.environ.get("WALKFOLIO")
    if found:
        return found
    if os.environ.get("CI") == "true":
        pytest.fail("WALKFOLIO names no program")
    pytest.skip("WALKFOLIO names no program")
