// What each rebalance turned over, and what it cost.
(() => {
  const { data, color, axis, layout, timeline } = walkfolio;
  const { trades } = data;
  if (!trades || !timeline) return;
  const { add, time } = timeline;
  function traded() {
    const charged = trades.cost.some((cost) => cost);
    const bar = (name, y, more) => ({ type: "bar", name, x: trades.dates, y, marker: { line: { width: 0 } }, ...more });
    const traces = [bar("turnover", trades.turnover, { marker: { color: color("portfolio") }, hovertemplate: "%{y:.2%}" })];
    if (charged) {
      const points = trades.cost.map((cost) => (cost === null ? null : 1e4 * cost));
      traces.push(bar("cost", points, { marker: { color: color("benchmark") }, yaxis: "y2", hovertemplate: "%{y:.2f} bp" }));
    }
    return {
      traces,
      layout: layout({
        showlegend: false,
        hoversubplots: "axis",
        bargap: 0.15,
        xaxis: time(charged ? { anchor: "y2" } : {}),
        yaxis: axis({ domain: charged ? [0.46, 1] : [0, 1], tickformat: ".0%", rangemode: "tozero", title: { text: "turnover" } }),
        ...(charged ? { yaxis2: axis({ domain: [0, 0.38], rangemode: "tozero", title: { text: "cost, bp" } }) } : {}),
      }),
    };
  }
  add("chart-trades", traded);
})();
