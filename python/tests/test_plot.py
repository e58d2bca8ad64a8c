"""Charts: drawn, with what they show."""

from __future__ import annotations

import numpy as np
import pytest
from support import STUDY

import walkfolio as wf

pytest.importorskip("matplotlib").use("Agg")


@pytest.fixture(autouse=True)
def closed():
    yield
    from matplotlib import pyplot

    pyplot.close("all")


def test_growth_drawdown_and_weights(run):
    axes = run.plot.growth()
    own = axes.get_lines()[0].get_ydata()
    assert own[-1] == pytest.approx(1 + run.measures["cumulative_return"], rel=1e-12)
    under = run.plot.drawdown().get_lines()[0].get_ydata()
    assert under.min() == pytest.approx(run.measures["max_drawdown"], rel=1e-12)
    axes = run.plot.weights()
    assert [area.get_label() for area in axes.collections] == list(run.weights.columns)
    assert axes.dataLim.y1 == pytest.approx(run.weights.sum(axis=1).max())


def test_plotly(run):
    pytest.importorskip("plotly")
    figure = run.plot.growth(backend="plotly")
    assert figure.data[0].y[-1] == pytest.approx(1 + run.measures["cumulative_return"])
    assert len(run.plot.weights(backend="plotly").data) == 3
    with pytest.raises(wf.DataError, match="no backend"):
        run.plot.growth(backend="gnuplot")


def test_surfaces_and_frontiers(prices, returns):
    keys = {"allocate.objective.window": [126, 252], "allocate.bounds.max": [0.5, 0.6]}
    grid = wf.sweep({**STUDY, "every": "quarter", "grid": keys}, prices, benchmark="SPY")
    for backend in ("matplotlib", "plotly"):
        assert grid.plot.surface("tracking_error", backend=backend) is not None
    with pytest.raises(wf.DataError, match="no measure"):
        grid.plot.surface("beauty")
    from walkfolio import plot

    found = wf.optimize.frontier(returns.mean(), returns.cov())
    line = plot.frontier(found).get_lines()[0]
    assert (np.diff(line.get_xdata()) >= -1e-12).all()
