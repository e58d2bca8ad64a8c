// Weights over time, holdings, and the probabilities of inclusion.
(() => {
  const { data, plain, color, faded, palette, axis, layout, steps, timeline } = walkfolio;
  const { weights } = data;
  if (!weights || !timeline) return;
  const { add, time, below, legendBar, press, day } = timeline;
  // Many decisions with shorts make a stack that nobody can read.
  let shown = !weights.long_only && weights.dates.length > 150 ? "map" : "stack";

  // Assets by decisions, short and long in two colours: readable however often a study trades.
  function mapped() {
    const [short, none, long] = ["benchmark", "page", "portfolio"].map(color);
    const size = Math.max(...weights.assets.flatMap(({ weights: held }) => held.map((w) => Math.abs(w ?? 0))), 1e-9);
    return {
      traces: [{
        type: "heatmap", x: weights.end ? [...weights.dates, weights.end] : weights.dates,
        y: weights.assets.map(({ name }) => plain(name)), z: weights.assets.map((asset) => asset.weights),
        colorscale: weights.long_only ? [[0, none], [1, long]] : [[0, short], [0.5, none], [1, long]],
        zmin: weights.long_only ? 0 : -size, zmax: size, ygap: 2,
        colorbar: { ...legendBar, tickformat: ".0%", nticks: 5 },
        customdata: weights.assets.map(() => weights.dates),
        hovertemplate: "%{y}, decided for %{customdata}<br><b>%{z:.2%}</b><extra></extra>",
      }],
      layout: layout({
        hovermode: "closest",
        xaxis: time(),
        yaxis: axis({ type: "category", autorange: "reversed", showgrid: false }),
        margin: { l: 64, r: 8, t: 14, b: 82 },
      }),
    };
  }

  // Where each decision is held: between its date and the next.
  function middles({ dates: days, end }) {
    const ends = [...days.slice(1), end ?? days[days.length - 1]];
    return days.map((first, index) => new Date((day(first) + day(ends[index])) / 2).toISOString().slice(0, 10));
  }

  // Probabilities by asset and decision, a dot on what was selected.
  function included(node) {
    const { inclusion } = data;
    const names = inclusion.assets.map(({ name }) => plain(name));
    const middle = middles(inclusion);
    const dots = { x: [], y: [] };
    inclusion.assets.forEach(({ selected }, row) => selected.forEach((chosen, index) => {
      if (!chosen) return;
      dots.x.push(middle[index]);
      dots.y.push(names[row]);
    }));
    const size = Math.max(2, Math.min(6, (0.55 * (node.clientWidth - 72)) / inclusion.dates.length));
    return {
      traces: [
        {
          type: "heatmap", x: inclusion.end ? [...inclusion.dates, inclusion.end] : inclusion.dates, y: names,
          z: inclusion.assets.map(({ probability }) => probability), zmin: 0, zmax: 1, ygap: 2, hoverongaps: false,
          colorscale: [[0, color("raised")], [1, color("portfolio")]],
          colorbar: { ...legendBar, tickformat: ".0%", tickvals: [0, 0.5, 1] },
          customdata: inclusion.assets.map(() => inclusion.dates),
          hovertemplate: "%{y}, decided for %{customdata}<br><b>%{z:.1%}</b><extra></extra>",
        },
        {
          type: "scatter", mode: "markers", ...dots, hoverinfo: "skip", showlegend: false,
          marker: { size, color: color("benchmark"), line: { width: size > 3 ? 0.5 : 0, color: color("page") } },
        },
      ],
      layout: layout({
        hovermode: "closest",
        xaxis: time(),
        yaxis: axis({ type: "category", autorange: "reversed", showgrid: false, dtick: 1 }),
        margin: { l: 64, r: 8, t: 14, b: 82 },
      }),
    };
  }

  function weighted(node) {
    return shown === "map" ? mapped() : stacked(node);
  }

  function stacked(node) {
    const colors = palette();
    const { x, held: spread, said, meta } = steps(weights.dates, weights.end);
    const traces = [said];
    weights.assets.forEach((asset, index) => {
      const fill = colors[index % colors.length];
      const held = spread(asset.weights);
      const common = {
        type: "scatter", mode: "lines", x, meta, name: plain(asset.name), legendgroup: String(index), customdata: held,
        line: { shape: "hv", width: 0.4, color: color("page") }, fillcolor: faded(fill, 0.92),
      };
      traces.push({ ...common, stackgroup: "long", y: held.map((w) => Math.max(w, 0)), hovertemplate: "%{customdata:.2%}" });
      if (!weights.long_only) {
        traces.push({ ...common, stackgroup: "short", y: held.map((w) => Math.min(w, 0)), hoverinfo: "skip", showlegend: false });
      }
    });
    return {
      traces,
      layout: layout({
        xaxis: time(),
        yaxis: axis({ tickformat: ".0%", fixedrange: true, ...(weights.long_only ? { range: [0, 1.005] } : {}) }),
        margin: { l: 64, r: 8, t: 14, b: below(node, weights.assets.map(({ name }) => name), true) },
      }),
    };
  }

  const made = add("chart-weights", weighted);
  if (data.inclusion) add("chart-inclusion", included);
  press("weights", shown);
  document.querySelectorAll("[data-weights]").forEach((button) => {
    button.addEventListener("click", () => {
      shown = button.dataset.weights;
      press("weights", shown);
      made?.draw();
    });
  });

  const { holdings } = data;
  add("chart-holdings", (node) => {
    const { x, held, said, meta } = steps(holdings.dates, weights.end);
    const line = (name, values, key, form) => ({
      type: "scatter", mode: "lines", name, x, y: held(values), meta,
      line: { shape: "hv", color: color(key), width: 1.6 }, hovertemplate: form,
    });
    return {
      traces: [said, line("holdings", holdings.count, "portfolio", "%{y}"), line("effective", holdings.effective, "benchmark", "%{y:.2f}")],
      layout: layout({
        xaxis: time(),
        yaxis: axis({ rangemode: "tozero", nticks: 7 }),
        margin: { l: 56, r: 8, t: 8, b: below(node, ["holdings", "effective"], false) },
      }),
    };
  });
})();
