"""Charts of runs and grids, with matplotlib or plotly, in the report's colours."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import _frames
from ._html import BENCHMARK, PORTFOLIO
from .errors import DataError

__all__ = ["GridPlots", "Plots", "frontier"]

COLOURS = (
    PORTFOLIO,
    BENCHMARK,
    "#2e8b57",
    "#8a4fa3",
    "#b8860b",
    "#c2415b",
    "#4a6b7c",
    "#7a8b2f",
    "#9c6644",
    "#3fa7a0",
    "#d98cb3",
    "#8b8b8b",
)


def _lines(x: Any, lines: dict[str, Any], title: str, label: str, backend: str, percent: bool = False) -> Any:
    """Lines over dates or numbers."""
    if backend == "plotly":
        go = _plotly()
        figure = go.Figure(layout={"title": title, "template": "plotly_white", "yaxis_title": label})
        for colour, (name, values) in zip(COLOURS, lines.items(), strict=False):
            figure.add_trace(go.Scatter(x=x, y=values, name=name, line={"color": colour, "width": 1.5}))
        if percent:
            figure.update_yaxes(tickformat=".0%")
        return figure
    figure, axes = _axes(backend)
    for colour, (name, values) in zip(COLOURS, lines.items(), strict=False):
        axes.plot(x, values, color=colour, linewidth=1.3, label=name)
    _finished(axes, title, label, percent)
    return axes


def _finished(axes: Any, title: str, label: str, percent: bool) -> None:
    axes.set_title(title, loc="left")
    axes.set_ylabel(label)
    axes.grid(alpha=0.25)
    if len(axes.get_legend_handles_labels()[1]) > 1:
        axes.legend(frameon=False, fontsize=8, ncols=2)
    if percent:
        axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %".replace("-", "−"))


def _axes(backend: str) -> Any:
    if backend != "matplotlib":
        raise DataError(f"no backend {backend}", "matplotlib or plotly")
    try:
        from matplotlib import pyplot
    except ImportError:
        raise DataError("matplotlib is not installed", "pip install 'walkfolio[plot]', or backend='plotly'") from None
    return pyplot.subplots(figsize=(8, 4), layout="constrained")


def _plotly() -> Any:
    try:
        import plotly.graph_objects
    except ImportError:
        raise DataError("plotly is not installed", "pip install 'walkfolio[plotly]'") from None
    return plotly.graph_objects


class Plots:
    """Charts of a run: each returns matplotlib's axes, or a figure of plotly."""

    def __init__(self, run: Any) -> None:
        self._run = run

    def _returns(self) -> dict[str, Any]:
        return _frames.read(self._run._file("returns.parquet"))

    def _wealth(self) -> tuple[Any, dict[str, Any]]:
        columns = self._returns()
        lines = {"portfolio": np.cumprod(1 + columns["portfolio"])}
        benchmark = columns.get("benchmark")
        if benchmark is not None and not np.isnan(benchmark).all():
            lines["benchmark"] = np.cumprod(1 + np.nan_to_num(benchmark))
        return columns["date"], lines

    def growth(self, *, backend: str = "matplotlib") -> Any:
        """Plot what 1 grew to."""
        dates, lines = self._wealth()
        return _lines(dates, lines, "Growth of 1", "", backend)

    def drawdown(self, *, backend: str = "matplotlib") -> Any:
        """Plot the distance from the highest value so far."""
        dates, lines = self._wealth()
        under = {name: wealth / np.maximum.accumulate(np.maximum(wealth, 1.0)) - 1 for name, wealth in lines.items()}
        return _lines(dates, under, "Drawdown", "", backend, percent=True)

    def weights(self, *, backend: str = "matplotlib") -> Any:
        """Plot the weights after each trade, one area an asset."""
        columns = _frames.read(self._run._file("decisions.parquet"))
        names = list(dict.fromkeys(columns["asset"]))
        dates, rows = np.unique(columns["date"], return_inverse=True)
        wide = np.zeros((len(names), len(dates)))
        place = {name: at for at, name in enumerate(names)}
        wide[[place[name] for name in columns["asset"]], rows] = columns["weight"]
        if backend == "plotly":
            go = _plotly()
            figure = go.Figure(layout={"title": "Weights", "template": "plotly_white"})
            for at, name in enumerate(names):
                colour = COLOURS[at % len(COLOURS)]
                figure.add_trace(go.Bar(x=dates, y=wide[at], name=name, marker_color=colour))
            figure.update_layout(barmode="relative", bargap=0)
            figure.update_yaxes(tickformat=".0%")
            return figure
        _, axes = _axes(backend)
        # Each decision's weights stand until the next one.
        ends = np.append(dates, max(dates[-1], self._returns()["date"][-1]))
        wide = np.column_stack([wide, wide[:, -1]])
        up, down = np.zeros(len(ends)), np.zeros(len(ends))
        for at, name in enumerate(names):
            start = np.where(wide[at] >= 0, up, down)
            top = start + wide[at]
            colour = COLOURS[at % len(COLOURS)]
            axes.fill_between(ends, start, top, step="post", color=colour, linewidth=0, label=name)
            up, down = up + np.maximum(wide[at], 0), down + np.minimum(wide[at], 0)
        _finished(axes, "Weights", "", True)
        if len(names) > 1:
            axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), reverse=True)
        axes.margins(x=0)
        return axes


class GridPlots:
    """Charts of a grid."""

    def __init__(self, grid: Any) -> None:
        self._grid = grid

    def surface(self, measure: str = "sharpe_ratio", *, backend: str = "matplotlib") -> Any:
        """Plot a measure over the swept keys: a line for one key, a map for two."""
        columns = _frames.read(self._grid._file("grid.parquet"))
        if measure not in columns:
            raise DataError(f"the grid has no measure {measure}", "see grid.cells.columns")
        keys = self._grid.keys
        values = np.asarray(columns[measure], dtype=np.float64)
        if len(keys) == 1:
            x = np.asarray(columns[keys[0]])
            return _lines(x, {measure: values}, measure, "", backend)
        if len(keys) != 2:
            raise DataError(f"a surface has one or two keys, the grid {len(keys)}", "select cells yourself")
        first, second = (np.unique(np.asarray(columns[key])) for key in keys)
        surface = values.reshape(len(first), len(second))
        if backend == "plotly":
            go = _plotly()
            layout = {"title": measure, "xaxis_title": keys[1], "yaxis_title": keys[0]}
            return go.Figure(go.Heatmap(x=second, y=first, z=surface, colorscale="Blues"), layout=layout)
        figure, axes = _axes(backend)
        drawn = axes.imshow(surface, aspect="auto", origin="lower", cmap="Blues")
        axes.set_xticks(range(len(second)), [str(value) for value in second])
        axes.set_yticks(range(len(first)), [str(value) for value in first])
        axes.set_xlabel(keys[1])
        axes.set_ylabel(keys[0])
        axes.set_title(measure, loc="left")
        figure.colorbar(drawn)
        return axes


def frontier(found: Any, *, backend: str = "matplotlib") -> Any:
    """Plot an efficient frontier of `walkfolio.optimize.frontier`."""
    # Between two corners the curve is not straight: points on it, not only its ends.
    means = np.linspace(found.returns[0], found.returns[-1], 60)
    points = [found.at(return_=float(mean)) for mean in means[1:-1]]
    volatilities = [float(np.sqrt(point.objective)) for point in points]
    x = np.array([found.volatilities[0], *volatilities, found.volatilities[-1]])
    return _lines(x, {"expected return": means}, "Efficient frontier by volatility", "expected return", backend, True)
