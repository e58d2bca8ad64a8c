"""Data of the peers' own packages."""

from __future__ import annotations

import numpy as np
import pytest

pd = pytest.importorskip("pandas")


@pytest.fixture(scope="session")
def prices():
    """Prices of 20 S&P 500 stocks, which skfolio ships."""
    datasets = pytest.importorskip("skfolio.datasets")
    return datasets.load_sp500_dataset()


@pytest.fixture(scope="session")
def returns(prices):
    """Their returns, four years of them."""
    return prices.pct_change().dropna().loc["2018":"2021"]


@pytest.fixture(scope="session")
def benchmark(returns):
    """A portfolio that no long-only portfolio of the assets is."""
    tilt = np.linspace(-0.05, 0.15, returns.shape[1])
    return pd.Series(returns.to_numpy() @ (tilt / tilt.sum()), index=returns.index, name="benchmark")
