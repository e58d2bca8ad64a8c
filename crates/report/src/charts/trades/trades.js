// What each rebalance turned over.
(() => {
  const { data, color, axis, layout, timeline } = walkfolio;
  const { trades } = data;
  if (!trades || !timeline) return;
  const { add, time } = timeline;
  add("chart-trades", () => ({
    traces: [{ type: "bar", name: "turnover", x: trades.dates, y: trades.turnover, marker: { color: color("portfolio"), line: { width: 0 } }, hovertemplate: "%{y:,.2%}" }],
    layout: layout({
      showlegend: false,
      bargap: 0.15,
      xaxis: time(),
      yaxis: axis({ tickformat: ",.0%", rangemode: "tozero", nticks: 6 }),
      margin: { l: 64, r: 8, t: 8, b: 30 },
    }),
  }));
})();
