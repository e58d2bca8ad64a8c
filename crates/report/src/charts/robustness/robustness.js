// Histograms of a measure over moved decisions, and over resampled histories.
(() => {
  const { data, plain, color, axis, layout, chart } = walkfolio;
  for (const { id, label, unit, own, values } of data.robustness ?? []) {
    const form = unit === "percent" ? ".1%" : ".2f";
    chart(id, () => ({
      traces: [{ type: "histogram", x: values, marker: { color: color("portfolio") }, hovertemplate: "%{x}: %{y}<extra></extra>" }],
      layout: layout({
        hovermode: "closest",
        bargap: 0.05,
        xaxis: axis({ title: { text: plain(label) }, tickformat: form }),
        yaxis: axis({ title: { text: "backtests" } }),
        shapes: own === null ? [] : [{ type: "line", x0: own, x1: own, yref: "paper", y0: 0, y1: 1, line: { color: color("benchmark"), width: 2, dash: "dot" } }],
        margin: { l: 64, r: 8, t: 14, b: 52 },
      }),
    }));
  }
})();
