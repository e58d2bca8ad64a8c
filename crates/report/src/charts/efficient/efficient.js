// Expected return over volatility: the frontier, its corners, and what is next to it.
(() => {
  const { data, plain, color, faded, axis, layout, chart } = walkfolio;
  const { efficient } = data;
  if (!efficient) return;
  chart("chart-efficient", (node) => {
    const hover = "<b>%{text}</b><br>expected return %{y:.2%}<br>volatility %{x:.2%}<extra></extra>";
    const points = (name, places, marker, more) => ({
      type: "scatter", mode: "markers", name, x: places.map(({ x }) => x), y: places.map(({ y }) => y),
      text: places.map(({ name: own }) => plain(own)), marker, hovertemplate: hover, ...more,
    });
    const one = (place) => (place ? [place] : []);
    const own = color("portfolio");
    const traces = [
      { type: "scatter", mode: "lines", name: "frontier", x: efficient.line.map(([x]) => x), y: efficient.line.map(([, y]) => y), line: { color: own, width: 1.8 }, hoverinfo: "skip" },
      points("corners", efficient.corners, { size: 7, color: own }),
      points("assets", efficient.assets, { size: 7, color: faded(color("muted"), 0.6) }, {
        mode: node.clientWidth < 560 ? "markers" : "markers+text", textposition: "top center", textfont: { size: 11, color: color("muted") }, cliponaxis: false,
      }),
      points("equal weight", one(efficient.equal_weight), { size: 10, symbol: "square", color: color("benchmark") }),
      points("chosen", one(efficient.chosen), { size: 13, symbol: "diamond", color: own, line: { color: color("text"), width: 1.5 } }),
    ];
    return {
      traces: traces.filter(({ x }) => x.length > 0),
      layout: layout({
        hovermode: "closest",
        showlegend: true,
        xaxis: axis({ title: { text: "volatility a year" }, tickformat: ".0%", rangemode: "tozero", nticks: 8 }),
        yaxis: axis({ title: { text: "expected return a year" }, tickformat: ".0%", nticks: 8 }),
        margin: { l: 70, r: 12, t: 14, b: 96 },
      }),
    };
  });
})();
