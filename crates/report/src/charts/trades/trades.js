// What each rebalance turned over, and what it cost.
(() => {
  const { data, color, faded, axis, layout, timeline } = walkfolio;
  const { trades } = data;
  if (!trades || !timeline) return;
  const { add, time } = timeline;
  function traded() {
    const charged = trades.lost.length > 0;
    const bar = (name, y, more) => ({ type: "bar", name, x: trades.dates, y, marker: { line: { width: 0 } }, ...more });
    const traces = [bar("turnover", trades.turnover, { marker: { color: color("portfolio") }, hovertemplate: "%{y:.2%}" })];
    if (charged) {
      traces.push({
        type: "scatter", mode: "lines", name: "taken by costs", x: trades.days, y: trades.lost, yaxis: "y2", fill: "tozeroy",
        fillcolor: faded(color("benchmark"), 0.14), line: { color: color("benchmark"), width: 1.6 }, hovertemplate: "%{y:.2%}",
      });
    }
    return {
      traces,
      layout: layout({
        showlegend: false,
        hoversubplots: "axis",
        bargap: 0.15,
        xaxis: time(charged ? { anchor: "y2" } : {}),
        yaxis: axis({ domain: charged ? [0.46, 1] : [0, 1], tickformat: ".0%", rangemode: "tozero", title: { text: "turnover" } }),
        ...(charged ? { yaxis2: axis({ domain: [0, 0.38], rangemode: "tozero", tickformat: ".1~%", nticks: 5, title: { text: "taken by costs" } }) } : {}),
      }),
    };
  }
  add("chart-trades", traded);
})();
