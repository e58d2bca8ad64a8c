// The charts of a comparison.
(() => {
  const { data, plain, color, palette, axis, layout, chart, room, steps } = walkfolio;
  if (!data) return;
  const view = { scale: "linear", lines: "value" };
  const hue = (index) => (index === 0 ? color("portfolio") : [3, 1, 10, 5, 6, 7, 4, 8, 9].map((place) => palette()[place])[(index - 1) % 9]);
  const time = (more) => axis({ type: "date", showgrid: false, hoverformat: "%-d %b %Y", ...more });
  const line = (name, x, y, stroke, form) => ({
    type: "scatter", mode: "lines", name: plain(name), x, y, connectgaps: false, line: stroke, hovertemplate: form,
  });
  const shades = () => data.regimes.map(({ first, last }, index) => ({
    type: "rect", layer: "below", yref: "paper", y0: 0, y1: 1, line: { width: 0 }, x0: first, x1: last,
    fillcolor: color(index % 2 ? "band-b" : "band-a"),
  }));

  // Room for a legend in columns as wide as its longest name.
  const below = (node, names) => {
    const across = Math.max(1, Math.floor((room(node) - 72) / (7 * Math.max(...names.map((name) => String(name).length), 1) + 50)));
    return 42 + 20 * Math.ceil(names.length / across);
  };

  function grown(node) {
    const falls = view.lines === "drawdown";
    const relative = view.lines === "relative";
    const form = falls ? "%{y:.2%}" : "$%{y:,.2f}";
    const walks = relative ? data.relative : data.lines;
    const names = relative ? data.names.slice(1) : data.names;
    const traces = walks.map((walk, index) => line(names[index], walk.dates, falls ? walk.drawdown : walk.value, { color: hue(index + (relative ? 1 : 0)), width: 1.6 }, form));
    if (data.beside && !relative) {
      traces.push(line(data.benchmark, data.beside.dates, falls ? data.beside.drawdown : data.beside.value, { color: color("benchmark"), width: 1.4, dash: "dash" }, form));
    }
    const log = view.scale === "log" && !falls;
    return {
      traces,
      layout: layout({
        shapes: shades(),
        xaxis: time(),
        yaxis: axis(falls ? { tickformat: ".0%" } : { type: log ? "log" : "linear", tickprefix: "$", nticks: 8 }),
        margin: { l: 64, r: 8, t: 12, b: below(node, traces.map(({ name }) => name)) },
      }),
    };
  }
  function distances(node) {
    const shown = data.distances.map((found, index) => ({ ...found, name: data.names[index + 1], index: index + 1 })).filter(({ dates }) => dates.length > 0);
    return {
      traces: shown.flatMap(({ name, dates, values, index }, at) => {
        const { x, held, said, meta } = steps(dates);
        const drawn = { ...line(name, x, held(values), { color: hue(index), width: 1.5, shape: "hv" }, "%{y:.1%}"), meta };
        return at === 0 ? [said, drawn] : [drawn];
      }),
      layout: layout({
        showlegend: shown.length > 1,
        xaxis: time(),
        yaxis: axis({ tickformat: ".0%", rangemode: "tozero" }),
        margin: { l: 56, r: 8, t: 12, b: shown.length > 1 ? below(node, shown.map(({ name }) => name)) : 36 },
      }),
    };
  }
  function held(node) {
    const names = data.held.assets.map(plain);
    return {
      traces: data.held.means.map((means, index) => ({
        type: "bar", name: plain(data.names[index]), x: names, y: means, marker: { color: hue(index) }, hovertemplate: "%{y:.2%}",
      })),
      layout: layout({
        barmode: "group",
        xaxis: axis({ type: "category", showgrid: false }),
        yaxis: axis({ tickformat: ".0%" }),
        margin: { l: 56, r: 8, t: 12, b: 20 + below(node, data.names) },
      }),
    };
  }
  const growth = chart("chart-compare", grown);
  chart("chart-distance", distances);
  if (data.held) chart("chart-held", held);
  for (const key of ["scale", "lines"]) {
    document.querySelectorAll(`[data-${key}]`).forEach((button) => button.addEventListener("click", () => {
      view[key] = button.dataset[key];
      document.querySelectorAll(`[data-${key}]`).forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
      growth?.draw();
    }));
  }
})();
