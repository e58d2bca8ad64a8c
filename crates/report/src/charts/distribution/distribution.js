// The distribution of returns, and its quantiles.
(() => {
  const { data, color, faded, axis, layout, chart } = walkfolio;
  const { distribution: of } = data;
  if (!of) return;
  const density = (x) => Math.exp(-0.5 * ((x - of.mean) / of.deviation) ** 2) / (of.deviation * Math.sqrt(2 * Math.PI));

  function histogram() {
    const middle = of.counts.map((_, bin) => of.low + of.width * (bin + 0.5));
    const low = Math.max(of.low, of.mean - of.picture * of.deviation);
    const high = Math.min(of.low + of.width * of.counts.length, of.mean + of.picture * of.deviation);
    const fine = Array.from({ length: 301 }, (_, step) => low + ((high - low) * step) / 300);
    return {
      traces: [
        {
          type: "bar", name: data.periods, x: middle, y: of.counts, width: of.width,
          marker: { color: faded(color("portfolio"), 0.55), line: { width: 0 } }, hovertemplate: "%{y}",
        },
        {
          type: "scatter", mode: "lines", name: "normal", x: fine, y: fine.map((x) => of.observations * of.width * density(x)),
          line: { color: color("benchmark"), width: 1.8 }, hovertemplate: "%{y:.1f}",
        },
      ],
      layout: layout({
        bargap: 0,
        xaxis: axis({ range: [low, high], tickformat: ".1~%", hoverformat: ".2%", showgrid: false, title: { text: "return" } }),
        yaxis: axis({ rangemode: "tozero", title: { text: data.periods } }),
        margin: { l: 60, r: 8, t: 14, b: 72 },
      }),
    };
  }

  function quantiles() {
    const ends = [of.normal[0], of.normal[of.normal.length - 1]];
    return {
      traces: [
        {
          type: "scatter", mode: "markers", name: "returns", x: of.normal, y: of.observed,
          marker: { color: color("portfolio"), size: 4.5 },
          hovertemplate: "normal %{x:.2%}<br>observed <b>%{y:.2%}</b><extra></extra>",
        },
        { type: "scatter", mode: "lines", name: "normal", x: ends, y: ends, line: { color: color("benchmark"), width: 1.4 }, hoverinfo: "skip" },
      ],
      layout: layout({
        hovermode: "closest",
        xaxis: axis({ tickformat: ".1~%", title: { text: "normal quantile" } }),
        yaxis: axis({ tickformat: ".1~%", title: { text: "observed quantile" } }),
        margin: { l: 60, r: 8, t: 14, b: 72 },
      }),
    };
  }
  chart("chart-histogram", histogram);
  chart("chart-quantiles", quantiles);
})();
