"use strict";
// The charts of one backtest.
(() => {
  const { data, plain, color, faded, palette, axis, layout, chart } = walkfolio;
  const { series, regimes, weights, trades } = data;
  const dates = series.dates;
  if (dates.length === 0) return;
  const whole = [dates[0], dates[dates.length - 1]];
  const view = { range: whole, scale: "linear", weights: "stack" };
  // Many decisions with shorts make a stack that nobody can read.
  if (!weights.long_only && weights.dates.length > 150) view.weights = "map";
  // What grows or shrinks by more than this is a straight line and a wall on a linear scale.
  const held = series.portfolio.value.filter((value) => value !== null);
  if (Math.min(...held) > 0 && Math.max(...held) > 8 * Math.min(...held)) view.scale = "log";
  const charts = [];
  const day = (text) => Date.parse(String(text).slice(0, 10));
  const time = (more) => axis({ type: "date", range: view.range, fixedrange: false, hoverformat: "%-d %b %Y", showgrid: false, ...more });

  // Limits of the values in view, with some air.
  function limits(lines, log) {
    let [low, high] = [Infinity, -Infinity];
    const [from, to] = view.range.map((end) => String(end).slice(0, 10));
    dates.forEach((date, row) => {
      if (date < from || date > to) return;
      for (const line of lines) {
        const value = line[row];
        if (value === null || (log && value <= 0)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    });
    if (low > high) return undefined;
    if (log) [low, high] = [Math.log10(low), Math.log10(high)];
    const air = 0.05 * (high - low) || 0.05;
    return [low - air, high + air];
  }

  // Shades of the regimes, and their names in as few lanes above the chart as they need.
  function shades(width) {
    const [from, to] = view.range.map(day);
    const right = [];
    const shapes = [];
    const annotations = [];
    regimes.forEach((regime, index) => {
      const [first, last] = [day(regime.first), day(regime.last)];
      shapes.push({
        type: "rect", layer: "below", yref: "paper", y0: 0, y1: 1, line: { width: 0 },
        x0: regime.first, x1: new Date(last + 864e5).toISOString().slice(0, 10),
        fillcolor: color(index % 2 ? "band-b" : "band-a"),
      });
      if (last < from || first > to) return;
      const size = 6.4 * regime.name.length + 10;
      const left = Math.max(0, Math.min(((first - from) / (to - from)) * width, width - size));
      let lane = right.findIndex((end) => end <= left);
      if (lane < 0) lane = right.length;
      right[lane] = left + size;
      annotations.push({
        text: plain(regime.name), showarrow: false, xref: "paper", x: left / width, xanchor: "left", xshift: 2,
        yref: "paper", y: 1, yanchor: "bottom", yshift: 1 + 15 * lane, font: { size: 11, color: color("muted") },
      });
    });
    return { shapes, annotations, lanes: right.length };
  }

  function line(name, values, more) {
    return { type: "scatter", mode: "lines", name: plain(name), x: dates, y: values, connectgaps: false, ...more };
  }

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
    const log = view.scale === "log";
    const of = (key) => lines.map(([, , values]) => values[key]);
    return {
      traces,
      layout: layout({
        margin: { l: 64, r: 8, t: 12 + 15 * band.lanes, b: 58 },
        shapes: band.shapes,
        annotations: band.annotations,
        hoversubplots: "axis",
        xaxis: time({ anchor: "y2" }),
        yaxis: axis({ domain: [0.36, 1], type: view.scale, range: limits(of("value"), log), tickprefix: "$", title: { text: "growth of $100" }, nticks: 8 }),
        yaxis2: axis({ domain: [0, 0.31], range: limits(of("drawdown")), tickformat: ".0%", title: { text: "drawdown" } }),
      }),
    };
  }

  // The scale of a map, below its axis.
  const legendBar = { orientation: "h", thickness: 10, len: 0.5, x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", outlinewidth: 0 };

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
        hovertemplate: "%{y}, %{x|%-d %b %Y}<br><b>%{z:.2%}</b><extra></extra>",
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
          hovertemplate: "%{y}, decided for %{x|%-d %b %Y}<br><b>%{z:.1%}</b><extra></extra>",
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
    return view.weights === "map" ? mapped() : stacked(node);
  }

  // Room for the rows of a legend below the axis; one that has groups flows, others stand in columns.
  function below(node, names, flows) {
    const room = node.clientWidth - 72;
    const size = (name) => 7 * name.length + 50;
    const widest = Math.max(...names.map(size), 1);
    let [rows, used] = [1, 0];
    for (const name of names) {
      const width = flows ? size(name) : widest;
      if (used > 0 && used + width > room) [rows, used] = [rows + 1, 0];
      used += width;
    }
    return 42 + (flows ? 29 : 24) * rows;
  }

  function stacked(node) {
    const colors = palette();
    const x = weights.end ? [...weights.dates, weights.end] : weights.dates;
    const stretch = (values) => (weights.end ? [...values, values[values.length - 1]] : values);
    const traces = [];
    weights.assets.forEach((asset, index) => {
      const fill = colors[index % colors.length];
      const held = stretch(asset.weights);
      const common = {
        type: "scatter", mode: "lines", x, name: plain(asset.name), legendgroup: String(index), customdata: held,
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

  function traded() {
    const charged = trades.cost.some((cost) => cost);
    const bar = (name, y, more) => ({ type: "bar", name, x: trades.dates, y, marker: { line: { width: 0 } }, ...more });
    const traces = [bar("turnover", trades.turnover, { marker: { color: color("portfolio") }, hovertemplate: "%{y:.2%}" })];
    if (charged) {
      const points = trades.cost.map((cost) => (cost === null ? null : 1e4 * cost));
      traces.push(bar("cost", points, { marker: { color: color("benchmark") }, yaxis: "y2", hovertemplate: "%{y:.2f} bp" }));
    }
    return {
      traces,
      layout: layout({
        showlegend: false,
        hoversubplots: "axis",
        bargap: 0.15,
        xaxis: time(charged ? { anchor: "y2" } : {}),
        yaxis: axis({ domain: charged ? [0.46, 1] : [0, 1], tickformat: ".0%", rangemode: "tozero", title: { text: "turnover" } }),
        ...(charged ? { yaxis2: axis({ domain: [0, 0.38], rangemode: "tozero", title: { text: "cost, bp" } }) } : {}),
      }),
    };
  }

  function press(attribute, value) {
    document.querySelectorAll(`[data-${attribute}]`).forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset[attribute] === value));
    });
  }
  function show(range) {
    view.range = range;
    charts.forEach(({ draw }) => draw());
  }

  // Draws a chart whose range moves with that of all others.
  function add(id, figure) {
    const made = chart(id, figure);
    if (!made) return null;
    charts.push(made);
    made.node.on("plotly_relayout", (change) => {
      const range = change["xaxis.range"] || [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if (change["xaxis.autorange"] || String(range) === String(whole)) {
        press("years", "all");
        show(whole);
      } else if (range[0] !== undefined) {
        press("years", "");
        show(range);
      }
    });
    return made;
  }
  add("chart-growth", growth);
  add("chart-weights", weighted);
  if (data.inclusion) add("chart-inclusion", included);
  add("chart-trades", traded);
  walkfolio.timeline = { add, time, below, legendBar, shades };

  const years = (day(whole[1]) - day(whole[0])) / (365.25 * 864e5);
  document.querySelectorAll("[data-years]").forEach((button) => {
    const asked = Number(button.dataset.years);
    if (asked >= years) button.disabled = button.hidden = true;
    button.addEventListener("click", () => {
      const start = new Date(day(whole[1]) - asked * 365.25 * 864e5);
      press("years", button.dataset.years);
      show(Number.isNaN(asked) ? whole : [start.toISOString().slice(0, 10), whole[1]]);
    });
  });
  document.querySelectorAll("[data-scale]").forEach((button) => {
    button.addEventListener("click", () => {
      view.scale = button.dataset.scale;
      press("scale", view.scale);
      charts[0].draw();
    });
  });
  press("scale", view.scale);
  press("weights", view.weights);
  document.querySelectorAll("[data-weights]").forEach((button) => {
    button.addEventListener("click", () => {
      view.weights = button.dataset.weights;
      press("weights", view.weights);
      charts[1].draw();
    });
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    setTimeout(() => charts.forEach(({ draw }) => draw()), 150);
  });
})();
