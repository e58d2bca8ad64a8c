// The Sharpe ratios of all backtests, sorted, with their intervals.
(() => {
  const { data, plain, color, faded, axis, layout, chart, room, letters, opens } = walkfolio;
  const { selection_bias: bias } = data;
  if (!bias) return;
  const cells = bias.ratios.map((ratio, cell) => ({ ratio, cell })).filter(({ ratio }) => ratio !== null)
    .sort((a, b) => b.ratio[0] - a.ratio[0]);
  const words = (cell) => data.cells[cell].map((value, key) => `${data.keys[key].name} ${data.keys[key].values[value]}`);

  function ratios(node) {
    const x = cells.map((_, rank) => rank + 1);
    const own = color("portfolio");
    const many = cells.length > 120;
    const traces = [{
      type: "scatter", mode: "markers", name: "backtests", x, y: cells.map(({ ratio }) => ratio[0]),
      error_y: {
        type: "data", symmetric: false, width: 0, thickness: many ? 1 : 1.6, color: faded(own, many ? 0.28 : 0.4),
        array: cells.map(({ ratio }) => ratio[2] - ratio[0]), arrayminus: cells.map(({ ratio }) => ratio[0] - ratio[1]),
      },
      marker: { color: own, size: many ? 3 : 6 },
      customdata: cells.map(({ ratio, cell }) => [words(cell).map(plain).join("<br>"), ratio[1], ratio[2], cell]),
      hovertemplate: "%{customdata[0]}<br><b>%{y:.3f}</b> (%{customdata[1]:.2f} to %{customdata[2]:.2f})<extra></extra>",
    }];
    const line = (name, value, dash) => traces.push({
      type: "scatter", mode: "lines", name, x: [0.5, cells.length + 0.5], y: [value, value],
      line: { color: color("benchmark"), width: 1.6, dash }, hovertemplate: `${name}: %{y:.3f}<extra></extra>`,
    });
    if (bias.expected !== null) line(`best of ${bias.trials} without skill`, bias.expected, "solid");
    if (bias.effective !== null) line(`best of ${bias.independent}, the independent ones`, bias.effective, "dash");
    const rows = room(node) < 560 ? traces.length : 1;
    return {
      traces,
      layout: layout({
        hovermode: "closest",
        xaxis: axis({ title: { text: "rank" }, showgrid: false, range: [0.5, cells.length + 0.5], tickformat: "d", ...(cells.length <= 20 ? { dtick: 1 } : {}) }),
        yaxis: axis({ title: { text: "Sharpe ratio a year" }, zerolinewidth: 1.5, zerolinecolor: color("muted") }),
        margin: { l: 60, r: 8, t: 14, b: letters(50 + 24 * rows) },
      }),
    };
  }
  opens(chart("chart-selection_bias", ratios), ({ customdata }) => customdata?.[3]);
})();
