// The last decision: weights, and marks where they were before.
(() => {
  const { data, plain, color, faded, axis, layout, chart } = walkfolio;
  const { current } = data;
  const node = document.getElementById("chart-current");
  if (!current || !node) return;
  const names = current.assets.map(plain);
  node.style.height = `${Math.max(140, 56 + 24 * names.length)}px`;
  const figure = (at) => {
    const traces = [{
      type: "bar", orientation: "h", name: "target", y: names, x: current.weights,
      marker: { color: current.weights.map((weight) => (weight < 0 ? color("benchmark") : color("portfolio"))) },
      hovertemplate: "%{y}: <b>%{x:.2%}</b><extra></extra>",
    }];
    if (current.previous) {
      traces.push({
        type: "scatter", mode: "markers", name: "before", y: names, x: current.previous,
        marker: { symbol: "line-ns", size: 15, line: { width: 2, color: faded(color("text"), 0.8) } },
        hovertemplate: "%{y}, before: <b>%{x:.2%}</b><extra></extra>",
      });
    }
    const all = [...current.weights, ...(current.previous ?? []), 0];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const air = 0.04 * (high - low) || 0.1;
    return {
      traces,
      layout: layout({
        hovermode: "closest",
        showlegend: false,
        bargap: 0.35,
        height: Math.max(140, 56 + 24 * names.length),
        xaxis: axis({ tickformat: ".0%", range: [low < 0 ? low - air : 0, high + air], side: "top", nticks: at.clientWidth > 500 ? 8 : 5 }),
        yaxis: axis({ type: "category", autorange: "reversed", showgrid: false, automargin: true, dtick: 1 }),
        margin: { l: 60, r: 8, t: 28, b: 8 },
      }),
    };
  };
  chart("chart-current", figure);
})();
