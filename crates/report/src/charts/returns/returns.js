// Returns by year, and the distribution of months.
(() => {
  const { data, plain, color, axis, layout, chart, percent, room } = walkfolio;
  const { returns } = data;
  if (!returns) return;
  if (returns.years.length > 0) {
    chart("chart-years", (node) => {
      const bar = (key, name, y) => ({ type: "bar", name: plain(name), x: returns.years, y, marker: { color: color(key), line: { width: 0 } }, hovertemplate: "%{y:.2%}" });
      const traces = [bar("portfolio", data.study, returns.own)];
      if (returns.benchmark) traces.push(bar("benchmark", data.benchmark || "benchmark", returns.benchmark));
      return {
        traces,
        layout: layout({
          barmode: "group", bargap: 0.25, bargroupgap: 0.05,
          showlegend: traces.length > 1,
          legend: { orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", font: { color: color("text") } },
          xaxis: axis({ type: "category", showgrid: false, tickangle: 0, nticks: Math.max(4, Math.floor(room(node) / 48)) }),
          yaxis: axis({ tickformat: ".0%", nticks: 6, zerolinecolor: color("muted") }),
          margin: { l: 48, r: 8, t: traces.length > 1 ? 28 : 8, b: 28 },
        }),
      };
    });
  }
  const { months } = returns;
  if (!months) return;
  chart("chart-months", () => {
    const middle = months.counts.map((_, bar) => months.low + months.width * (bar + 0.5));
    const ends = months.counts.map((_, bar) => `${percent(months.low + months.width * bar, 2)} to ${percent(months.low + months.width * (bar + 1), 2)}`);
    const mark = (x, dash) => ({ type: "line", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line: { color: color("text"), width: 1.2, dash } });
    return {
      traces: [{
        type: "bar", name: "months", x: middle, y: months.counts, width: months.width * 0.94, text: ends, textposition: "none",
        marker: { color: middle.map((at) => color(at < 0 ? "benchmark" : "portfolio")), line: { width: 0 } }, hovertemplate: "%{text}: <b>%{y} months</b><extra></extra>",
      }],
      layout: layout({
        hovermode: "closest",
        shapes: [mark(months.mean, "dot")],
        annotations: [{ text: `mean ${percent(months.mean, 2)}`, x: months.mean, yref: "paper", y: 1, xanchor: "left", yanchor: "top", xshift: 4, showarrow: false, font: { size: 11, color: color("text") } }],
        xaxis: axis({ tickformat: ".0%", showgrid: false }),
        yaxis: axis({ title: { text: "months" }, nticks: 6 }),
        margin: { l: 48, r: 8, t: 8, b: 28 },
      }),
    };
  });
})();
