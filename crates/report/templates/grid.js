"use strict";
// The map of a grid, and its sortable table.
(() => {
  const { data, plain, color, axis, layout, chart } = walkfolio;

  const table = document.getElementById("cells-table");
  const order = (row, column) => row.cells[column]?.dataset.order ?? "";
  function compare(a, b) {
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
    const difference = Number(a) - Number(b);
    return Number.isNaN(difference) ? a.localeCompare(b) : difference;
  }
  table.querySelectorAll("thead th").forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("thead th").forEach((other) => other.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const rows = [...body.rows].sort((first, second) => {
        const [a, b] = [order(first, column), order(second, column)];
        // What has no value stays at the end, whichever way the rest is sorted.
        return a === "" || b === "" || up ? compare(a, b) : compare(b, a);
      });
      body.append(...rows);
    });
  });

  const selectors = document.getElementById("selectors");
  const measure = document.getElementById("measure");
  if (!selectors || data.measures.length === 0) return;
  data.measures.forEach((surface, index) => measure.add(new Option(surface.label, index)));
  measure.value = Math.max(0, data.measures.findIndex((surface) => surface.key === data.first));

  // The two numeric keys with the most values are the axes; every other key is chosen from a list.
  const swept = data.keys.map((key, place) => ({ ...key, place })).filter((key) => key.values.length > 1);
  const axes = swept.filter((key) => key.numeric).sort((a, b) => b.values.length - a.values.length).slice(0, 2);
  const others = swept.filter((key) => !axes.some((chosen) => chosen.place === key.place));
  const chosen = others.map((key) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.append(`${key.name} `, select);
    key.values.forEach((value, index) => select.add(new Option(value, index)));
    selectors.append(label);
    return { key, select };
  });
  const sorted = (key) => key.values.map(Number).map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const format = (surface) => ({ percent: ".2%", number: ".3f", count: ",.0f" })[surface.unit];

  function cells() {
    const surface = data.measures[Number(measure.value)];
    const found = new Map();
    data.cells.forEach((places, cell) => {
      if (chosen.every(({ key, select }) => places[key.place] === Number(select.value))) {
        found.set(axes.map((key) => places[key.place]).join(), surface.values[cell]);
      }
    });
    return { surface, found };
  }

  function line() {
    const { surface, found } = cells();
    const steps = sorted(axes[0]);
    return {
      traces: [{
        type: "scatter", mode: "lines+markers", x: steps.map(({ value }) => value),
        y: steps.map(({ index }) => found.get(String(index)) ?? null),
        line: { color: color("portfolio") }, marker: { size: 8 },
        hovertemplate: `%{y:${format(surface)}}<extra></extra>`,
      }],
      layout: layout({
        xaxis: axis({ title: { text: plain(axes[0].name) } }),
        yaxis: axis({ title: { text: plain(surface.label) }, tickformat: surface.unit === "percent" ? ".1%" : "" }),
        margin: { l: 70, r: 8, t: 14, b: 48 },
      }),
    };
  }

  function map(node) {
    const { surface, found } = cells();
    const [down, across] = axes.map(sorted);
    const z = down.map((y) => across.map((x) => found.get(`${y.index},${x.index}`) ?? null));
    const few = down.length * across.length <= 150 && node.clientWidth / across.length > 46;
    const shape = format(surface);
    return {
      traces: [{
        type: "heatmap", z, x: across.map(({ value }) => String(value)), y: down.map(({ value }) => String(value)),
        colorscale: "Viridis", reversescale: surface.lower_is_better, xgap: 2, ygap: 2, hoverongaps: false,
        colorbar: { thickness: 12, outlinewidth: 0, tickformat: surface.unit === "percent" ? ".1%" : "" },
        ...(few ? { texttemplate: `%{z:${shape}}` } : {}),
        hovertemplate: `${plain(axes[0].name)} %{y}<br>${plain(axes[1].name)} %{x}<br><b>%{z:${shape}}</b><extra></extra>`,
      }],
      layout: layout({
        hovermode: "closest",
        xaxis: axis({ type: "category", showgrid: false, title: { text: plain(axes[1].name) } }),
        yaxis: axis({ type: "category", showgrid: false, title: { text: plain(axes[0].name) } }),
        margin: { l: 62, r: 8, t: 14, b: 52 },
      }),
    };
  }

  const made = chart("chart-map", axes.length > 1 ? map : line);
  selectors.addEventListener("change", () => made?.draw());
})();
