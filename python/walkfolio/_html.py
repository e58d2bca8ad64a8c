"""What a notebook shows of a run: the report's first screen, without a script or a server."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np

from . import _frames
from ._measures import definitions

# The palette of the report.
PORTFOLIO, BENCHMARK, GRID = "#1f5fa8", "#c2571a", "#8884"
_CARDS = ("annual_return", "volatility", "sharpe_ratio", "max_drawdown", "tracking_error", "turnover_annual")


def first_screen(run: Any) -> str:
    """The cards and the growth of a run, or of a tear sheet, as HTML."""
    known = definitions()
    measures = run.measures
    cards = []
    for key in _CARDS:
        value = measures.get(key)
        if value is None or key not in known:
            continue
        text = f"{100 * value:.2f} %" if known[key]["unit"] == "fraction" else f"{value:.2f}"
        cards.append(
            f'<div style="border:1px solid {GRID};border-radius:6px;padding:6px 12px">'
            f'<div style="opacity:.7;font-size:85%">{escape(known[key]["label"])}</div>'
            f'<div style="font-size:130%">{text.replace("-", "−")}</div></div>'
        )
    manifest = run.manifest
    many = f"{manifest['decisions']} decisions · {escape(manifest['status'])}"
    if not manifest["decisions"]:
        many = f"{manifest['sources'][0]['rows']} rows, {escape(manifest['sources'][0]['format'])}"
    head = f"<b>{escape(manifest['study'])}</b> · {many}"
    return (
        f'<div style="font-family:sans-serif;max-width:760px"><div style="margin:4px 0">{head}</div>'
        f'<div style="display:flex;gap:8px;flex-wrap:wrap">{"".join(cards)}</div>{_growth(run)}</div>'
    )


def _growth(run: Any) -> str:
    columns = _frames.read(run._file("returns.parquet"))
    own = np.cumprod(1 + columns["portfolio"])
    series = [("portfolio", PORTFOLIO, own)]
    benchmark = columns.get("benchmark")
    if benchmark is not None and not np.isnan(benchmark).all():
        series.append(("benchmark", BENCHMARK, np.cumprod(1 + np.nan_to_num(benchmark))))
    low = min(float(values.min()) for _, _, values in series)
    high = max(float(values.max()) for _, _, values in series)
    span = (high - low) or 1.0
    lines, legend = [], []
    for name, colour, values in series:
        some = values[:: max(1, len(values) // 400)]
        x = np.linspace(0, 740, len(some))
        y = 190 - 180 * (some - low) / span
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True))
        lines.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{points}"/>')
        legend.append(f'<span style="color:{colour}">■</span> {name} × {values[-1]:.2f}'.replace("×", "grew to"))
    first, last = (str(columns["date"][at])[:10] for at in (0, -1))
    return (
        f'<svg viewBox="0 0 740 200" style="width:100%;height:auto" role="img" aria-label="growth of 1">'
        f'<line x1="0" y1="195" x2="740" y2="195" stroke="{GRID}"/>{"".join(lines)}</svg>'
        f'<div style="font-size:85%;opacity:.8">{first} to {last} · {" · ".join(legend)}</div>'
    )
