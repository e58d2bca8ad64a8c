// Growth of $100 and drawdown.
(() => {
  const { data, color, faded, axis, layout, timeline } = walkfolio;
  const { series } = data;
  if (!series || !timeline) return;
  const { add, time, line, limits, shades, press } = timeline;
  let scale = "linear";
  // What grows or shrinks by more than this is a straight line and a wall on a linear scale.
  const held = series.portfolio.value.filter((value) => value !== null);
  if (Math.min(...held) > 0 && Math.max(...held) > 8 * Math.min(...held)) scale = "log";

  function growth(node) {
    const lines = [["portfolio", data.study, series.portfolio]];
    if (series.benchmark) lines.push(["benchmark", data.benchmark || "benchmark", series.benchmark]);
    const traces = [];
    for (const [key, name, values] of lines) {
      const stroke = { color: color(key), width: key === "portfolio" ? 1.8 : 1.3 };
      traces.push(line(name, values.value, { line: stroke, legendgroup: key, hovertemplate: "$%{y:,.2f}" }));
      traces.push(line(`${name}, drawdown`, values.drawdown, {
        line: { ...stroke, width: 1 }, legendgroup: key, showlegend: false, yaxis: "y2", hovertemplate: "%{y:.2%}",
        ...(key === "portfolio" ? { fill: "tozeroy", fillcolor: faded(stroke.color, 0.14) } : {}),
      }));
    }
    const band = shades(Math.max(100, node.clientWidth - 72));
    const log = scale === "log";
    const of = (key) => lines.map(([, , values]) => values[key]);
    return {
      traces,
      layout: layout({
        margin: { l: 64, r: 8, t: 12 + 15 * band.lanes, b: 58 },
        shapes: band.shapes,
        annotations: band.annotations,
        hoversubplots: "axis",
        xaxis: time({ anchor: "y2" }),
        yaxis: axis({ domain: [0.36, 1], type: scale, range: limits(of("value"), log), tickprefix: "$", title: { text: "growth of $100" }, nticks: 8 }),
        yaxis2: axis({ domain: [0, 0.31], range: limits(of("drawdown")), tickformat: ".0%", title: { text: "drawdown" } }),
      }),
    };
  }
  const made = add("chart-growth", growth);
  document.querySelectorAll("[data-scale]").forEach((button) => {
    button.addEventListener("click", () => {
      scale = button.dataset.scale;
      press("scale", scale);
      made?.draw();
    });
  });
  press("scale", scale);
})();
