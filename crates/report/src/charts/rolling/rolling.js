// Rolling measures.
(() => {
  const { data, plain, color, axis, layout, timeline } = walkfolio;
  const { rolling } = data;
  if (!rolling || !timeline) return;
  const { add, time, shades } = timeline;
  let chosen = rolling.windows.length - 1;

  const level = (y, line) => ({ type: "line", xref: "paper", x0: 0, x1: 1, y0: y, y1: y, line });
  const figure = ({ portfolio, benchmark, percent, full, one }) => (node) => {
    const form = percent ? "%{y:.2%}" : "%{y:.2f}";
    const line = (name, key, lines) => ({
      type: "scatter", mode: "lines", name: plain(name), x: rolling.dates, y: lines[chosen], connectgaps: false,
      line: { color: color(key), width: key === "portfolio" ? 1.6 : 1.2 }, hovertemplate: form,
    });
    const traces = [line(data.study, "portfolio", portfolio)];
    if (benchmark) traces.push(line(data.benchmark || "benchmark", "benchmark", benchmark));
    const band = shades(Math.max(100, node.clientWidth - 72));
    return {
      traces,
      layout: layout({
        shapes: [...band.shapes, ...(one ? [level(1, { color: color("muted"), width: 1 })] : []), ...(full === null ? [] : [level(full, { color: color("portfolio"), width: 1.2, dash: "dot" })])],
        showlegend: false,
        xaxis: time(),
        yaxis: axis({ tickformat: percent ? ".1~%" : "", nticks: 6 }),
        margin: { l: 56, r: 8, t: 8, b: 32 },
      }),
    };
  };
  const made = rolling.measures.map((measure) => add(`chart-rolling-${measure.key}`, figure(measure)));
  document.querySelectorAll("[data-window]").forEach((button) => button.addEventListener("click", () => {
    chosen = Number(button.dataset.window);
    document.querySelectorAll("[data-window]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    made.forEach((each) => each?.draw());
  }));
})();
