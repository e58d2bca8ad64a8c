// Growth of $100, the lines named where they end.
(() => {
  const { data, color, axis, layout, room, letters, timeline } = walkfolio;
  const { series } = data;
  if (!series || !timeline) return;
  const { add, time, line, limits, shades, press, rebased, ends } = timeline;
  let scale = "linear";
  // What grows or shrinks by more than this is a straight line and a wall on a linear scale.
  const held = series.portfolio.value.filter((value) => value !== null);
  if (Math.min(...held) > 0 && Math.max(...held) > 8 * Math.min(...held)) scale = "log";

  function growth(node) {
    const lines = [["portfolio", data.study, series.portfolio.value]];
    if (series.benchmark) lines.push(["benchmark", data.benchmark || "benchmark", series.benchmark.value]);
    (series.baselines ?? []).forEach(({ name, value }) => lines.unshift(["muted", name, value]));
    const drawn = lines.map(([key, name, values]) => ({ key, name, values: rebased(values, 100) }));
    const traces = drawn.map(({ key, name, values }) => line(name, values, {
      line: { color: color(key), width: { portfolio: 2, benchmark: 1.5 }[key] ?? 1 }, hovertemplate: "$%{y:,.2f}",
    }));
    const log = scale === "log";
    const range = limits(drawn.map(({ values }) => values), log);
    const labels = ends(node, drawn.map(({ key, name, values }) => ({ name, values, shown: (value) => `$${walkfolio.money(value)}`, color: color(key) })), range, log);
    const band = shades(Math.max(100, room(node) - 56 - labels.room));
    return {
      traces,
      layout: layout({
        showlegend: false,
        margin: { l: 56, r: labels.room, t: 12 + letters(15) * band.lanes, b: letters(30) },
        shapes: band.shapes,
        annotations: [...band.annotations, ...labels.annotations],
        xaxis: time(),
        yaxis: axis({ type: scale, range, tickprefix: "$", nticks: 8, ...(log ? { dtick: range && range[1] - range[0] > 1.4 ? 1 : "D2", tickformat: ",~r" } : {}) }),
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
