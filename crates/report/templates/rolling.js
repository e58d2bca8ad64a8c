// Rolling measures, the calendar of returns, holdings and solves.
(() => {
  const { data, plain, color, axis, layout, timeline } = walkfolio;
  const { rolling } = data;
  if (!rolling || !timeline) return;
  const { add, time, shades } = timeline;
  let chosen = rolling.windows.length - 1;

  const figure = ({ portfolio, benchmark, percent }) => (node) => {
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
        shapes: band.shapes,
        showlegend: false,
        xaxis: time(),
        yaxis: axis({ tickformat: percent ? ".0%" : ".1f", nticks: 6 }),
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
// The calendar.
(() => {
  const { data, color, axis, layout, chart } = walkfolio;
  const { calendar } = data;
  const node = document.getElementById("chart-calendar");
  if (!calendar || !node) return;
  const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Year"];
  const years = calendar.years.map(String);
  let shown = "own";
  node.style.height = `${70 + 26 * years.length}px`;
  function figure(at) {
    const [worse, none, better] = ["benchmark", "page", "portfolio"].map(color);
    const rows = calendar[shown];
    // Years and a few wild months would make all others pale: 19 of 20 months set the scale.
    const months = rows.flatMap((row) => row.slice(0, 12)).filter((value) => value !== null).map(Math.abs).sort((x, y) => x - y);
    const size = Math.max(months[Math.floor(0.95 * (months.length - 1))] ?? 0, 1e-9);
    const wide = at.clientWidth > 700;
    return {
      traces: [{
        type: "heatmap", x: names, y: years, z: rows, zmin: -size, zmax: size, xgap: 2, ygap: 2, hoverongaps: false, showscale: false,
        colorscale: [[0, worse], [0.5, none], [1, better]],
        ...(wide ? { texttemplate: "%{z:.1%}", textfont: { size: 11 } } : {}),
        hovertemplate: "%{x} %{y}<br><b>%{z:.2%}</b><extra></extra>",
      }],
      layout: layout({
        hovermode: "closest",
        height: 70 + 26 * years.length,
        xaxis: axis({ type: "category", showgrid: false, side: "top", tickangle: 0, tickfont: { size: wide ? 12 : 9 } }),
        yaxis: axis({ type: "category", showgrid: false, autorange: "reversed", dtick: 1 }),
        margin: { l: 48, r: 8, t: 28, b: 8 },
      }),
    };
  }
  const made = chart("chart-calendar", figure);
  document.querySelectorAll("[data-calendar]").forEach((button) => button.addEventListener("click", () => {
    shown = button.dataset.calendar;
    document.querySelectorAll("[data-calendar]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    made?.draw();
  }));
})();
// Holdings of each decision, and what its solve took.
(() => {
  const { data, color, faded, axis, layout, timeline } = walkfolio;
  const { holdings, solves, weights } = data;
  if (!timeline) return;
  const { add, time, below } = timeline;
  const stretch = (dates) => (weights.end ? [...dates, weights.end] : dates);
  const last = (values) => (weights.end ? [...values, values[values.length - 1]] : values);

  add("chart-holdings", (node) => {
    const line = (name, values, key, form) => ({
      type: "scatter", mode: "lines", name, x: stretch(holdings.dates), y: last(values),
      line: { shape: "hv", color: color(key), width: 1.6 }, hovertemplate: form,
    });
    return {
      traces: [line("holdings", holdings.count, "portfolio", "%{y}"), line("effective", holdings.effective, "benchmark", "%{y:.2f}")],
      layout: layout({
        xaxis: time(),
        yaxis: axis({ rangemode: "tozero", nticks: 7 }),
        margin: { l: 56, r: 8, t: 8, b: below(node, ["holdings", "effective"], false) },
      }),
    };
  });

  if (!solves) return;
  add("chart-solves", () => {
    const gapped = solves.gaps.some((gap) => gap > 0);
    const dots = (y, key, more) => ({
      type: "scatter", mode: "markers", x: solves.dates, y, text: solves.by.map((place) => solves.methods[place]), showlegend: false,
      marker: { size: solves.dates.length > 300 ? 3 : 5, color: faded(color(key), 0.75) }, ...more,
    });
    const traces = [dots(solves.micros.map((micros) => (micros > 0 ? micros / 1000 : null)), "portfolio", { hovertemplate: "%{y:.3f} ms, %{text}<extra></extra>" })];
    if (gapped) {
      traces.push(dots(solves.gaps.map((gap) => (gap > 0 ? gap : null)), "benchmark", { yaxis: "y2", hovertemplate: "relative gap %{y:.1e}<extra></extra>" }));
    }
    return {
      traces,
      layout: layout({
        hoversubplots: "axis",
        xaxis: time(gapped ? { anchor: "y2" } : {}),
        yaxis: axis({ domain: gapped ? [0.54, 1] : [0, 1], type: "log", title: { text: "ms" }, tickformat: "~g", nticks: 5 }),
        ...(gapped ? { yaxis2: axis({ domain: [0, 0.46], type: "log", title: { text: "relative gap" }, tickformat: ".0e", nticks: 5 }) } : {}),
      }),
    };
  });
})();
