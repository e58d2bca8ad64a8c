"""Against empyrical and quantstats: every measure that is defined alike, to 1e-12."""

from __future__ import annotations

import numpy as np
import pytest

import walkfolio as wf

CLOSE = 1e-12


@pytest.fixture(scope="module")
def pair(returns, benchmark):
    return returns["AAPL"], benchmark


@pytest.fixture(scope="module")
def found(pair):
    return wf.stats.measures(*pair, periods_per_year=252)


def test_empyrical(pair, found):
    empyrical = pytest.importorskip("empyrical")
    own, other = pair
    theirs = {
        "cumulative_return": empyrical.cum_returns_final(own),
        "volatility": empyrical.annual_volatility(own),
        "max_drawdown": empyrical.max_drawdown(own),
        "sharpe_ratio": empyrical.sharpe_ratio(own),
        "tracking_error": empyrical.annual_volatility(own - other),
        "information_ratio": empyrical.excess_sharpe(own, other) * np.sqrt(252),
        "beta": empyrical.beta(own, other),
        "annual_return": empyrical.annual_return(own),
        "calmar_ratio": empyrical.calmar_ratio(own),
        "sortino_ratio": empyrical.sortino_ratio(own),
        "var_95": -empyrical.value_at_risk(own),
    }
    for key, value in theirs.items():
        assert found[key] == pytest.approx(value, rel=1e-9 if key == "beta" else CLOSE), key


def test_quantstats(pair, found):
    quantstats = pytest.importorskip("quantstats")
    own, _ = pair
    theirs = {
        "cumulative_return": quantstats.stats.comp(own),
        "volatility": quantstats.stats.volatility(own, periods=252),
        "sharpe_ratio": quantstats.stats.sharpe(own, periods=252),
        "max_drawdown": quantstats.stats.max_drawdown(own),
        "max_return": own.max(),
        "min_return": own.min(),
    }
    for key, value in theirs.items():
        assert found[key] == pytest.approx(value, rel=CLOSE), key
