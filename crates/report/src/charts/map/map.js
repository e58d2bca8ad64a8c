// A measure over the swept keys: a map for each combination of the others, or lines over one key.
(() => {
  const { data, plain, color, palette, axis, layout, chart, room, letters, onPaper, opens } = walkfolio;
  const { map } = data;
  const node = document.getElementById("chart-map");
  if (!map || !node) return;
  const measure = document.getElementById("measure");
  const period = document.getElementById("period");
  map.measures.forEach(({ label }, index) => measure.add(new Option(label, index)));
  map.periods.forEach((name, index) => period.add(new Option(name, index)));
  measure.value = map.first;
  document.getElementById("map-period").hidden = map.periods.length < 2;
  let costs = 0;

  const [down, across] = map.axes.length > 1 ? map.axes : [null, map.axes[0]];
  const others = data.keys.map((key, place) => ({ ...key, place }))
    .filter(({ place, values }) => !map.axes.includes(place) && values.length > 1);
  const filters = others.map((key) => {
    const label = document.createElement("label");
    const select = document.createElement("select");
    label.append(`${key.name} `, select);
    select.add(new Option("all", ""));
    key.values.forEach((value, index) => select.add(new Option(value, index)));
    document.getElementById("selectors").append(label);
    return { key, select };
  });

  // The combinations of the other keys that are chosen: one panel each.
  function panels() {
    return filters.reduce((all, { key, select }) => all.flatMap((panel) => key.values
      .map((_, value) => ({ key, value }))
      .filter(({ value }) => select.value === "" || Number(select.value) === value)
      .map((part) => [...panel, part])), [[]]);
  }
  // More panels than anyone reads are not drawn at once, on a narrow screen fewer still.
  const most = map.axes.length > 1 ? (node.clientWidth < 560 ? 6 : 24) : 8;
  for (let left = filters.length - 1; panels().length > most && left >= 0; left -= 1) filters[left].select.value = "0";

  const sorted = (place) => data.keys[place].values
    .map((value, index) => ({ value: Number(value), text: value, index })).sort((a, b) => a.value - b.value);
  const steps = { down: down === null ? [] : sorted(down), across: sorted(across) };
  const scales = { percent: 1e-4, number: 1e-3, count: 1 };
  const formats = { percent: ".2%", number: ".3f", count: ",.0f" };

  // Periods that are not there gross of costs are net.
  function settled() {
    const both = map.costs && Number(period.value) < map.values[1].length;
    document.getElementById("map-costs").hidden = !both;
    if (both || costs === 0) return;
    costs = 0;
    document.querySelectorAll("[data-costs]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.costs === "0")));
  }
  function shown() {
    settled();
    const [at, when] = [Number(measure.value), Number(period.value)];
    const { unit, lower_is_better: lower, label } = map.measures[at];
    const raw = map.values[costs][when][at] ?? map.values[0][when][at] ?? [];
    return { label, lower, format: formats[unit], unit, values: raw.map((value) => (value === null ? null : value * scales[unit])) };
  }
  // By panel, the cells on its axes.
  function cells(panel) {
    const found = new Map();
    data.cells.forEach((places, cell) => {
      if (panel.every(({ key, value }) => places[key.place] === value)) {
        found.set(`${down === null ? "" : places[down]},${places[across]}`, cell);
      }
    });
    return found;
  }
  const caption = (panel) => panel.map(({ key, value }) => `${key.name} ${key.values[value]}`);

  function lines() {
    const { label, lower, unit, format, values } = shown();
    const all = panels();
    const colors = all.length > 1 ? palette() : [color("portfolio")];
    const known = values.filter((value) => value !== null);
    const best = known.length === 0 ? null : lower ? Math.min(...known) : Math.max(...known);
    return {
      traces: all.map((panel, index) => {
        const found = cells(panel);
        return {
          type: "scatter", mode: "lines+markers", name: plain(caption(panel).join(", ")),
          x: steps.across.map(({ value }) => value), y: steps.across.map((step) => values[found.get(`,${step.index}`)] ?? null),
          line: { color: colors[index % colors.length] }, customdata: steps.across.map((step) => found.get(`,${step.index}`) ?? null),
          marker: {
            color: colors[index % colors.length], size: steps.across.map((step) => (values[found.get(`,${step.index}`)] === best ? 13 : 8)),
            line: { color: color("text"), width: steps.across.map((step) => (values[found.get(`,${step.index}`)] === best ? 2.5 : 0)) },
          },
          hovertemplate: `%{y:${format}}${all.length > 1 ? "" : "<extra></extra>"}`,
        };
      }),
      layout: layout({
        showlegend: all.length > 1,
        xaxis: axis({ title: { text: plain(data.keys[across].name) } }),
        yaxis: axis({ tickformat: unit === "percent" ? ".1%" : "" }),
        // What is measured is above its axis, where long words have room.
        annotations: [{
          text: plain(label), showarrow: false, xref: "paper", x: 0, xanchor: "left", xshift: -48, yref: "paper", y: 1, yanchor: "bottom", yshift: 4,
          font: { size: letters(12), color: color("text") },
        }],
        margin: { l: 70, r: 8, t: 28, b: letters(48 + (all.length > 1 ? 24 * all.length : 0)) },
      }),
    };
  }

  // Words in as many lines of so many letters as they need.
  function wrapped(parts, letters) {
    const rows = [""];
    for (const word of parts.map((part, index) => (index + 1 < parts.length ? `${part},` : part)).join(" ").split(" ")) {
      const last = rows[rows.length - 1];
      if (last !== "" && last.length + word.length + 1 > letters) rows.push(word);
      else rows[rows.length - 1] = last === "" ? word : `${last} ${word}`;
    }
    return rows;
  }

  // The numbers of a map, each in black or white, whichever its field makes easier to read.
  function figures({ z, ...on }, { known, lower, format, size }) {
    const ends = ["raised", "portfolio"].map((name) => color(name).match(/[\d.]+/g).slice(0, 3).map(Number));
    const [low, high] = [Math.min(...known), Math.max(...known)];
    const ink = (value) => {
      const share = high > low ? (value - low) / (high - low) : 0.5;
      const [r, g, b] = ends[0].map((from, at) => from + (ends[1][at] - from) * (lower ? 1 - share : share))
        .map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
    };
    const all = z.flatMap((line, y) => line.map((value, x) => ({ x: steps.across[x].text, y: steps.down[y].text, value })))
      .filter(({ value }) => value !== null);
    return {
      type: "scatter", mode: "text", ...on, x: all.map(({ x }) => x), y: all.map(({ y }) => y), hoverinfo: "skip", showlegend: false, meta: "aside",
      texttemplate: `%{customdata:${format}}`, customdata: all.map(({ value }) => value), textfont: { size, color: all.map(({ value }) => ink(value)) },
    };
  }

  function maps() {
    const { label, lower, unit, format, values } = shown();
    const all = panels();
    const width = Math.max(200, room(node) - 4);
    // On paper all maps of a study should stand on one page.
    const paper = onPaper();
    const size = paper ? { panel: 225, letter: 4.4, line: 11, title: 8.5, tick: 8.5, step: 12.5, under: 22 }
      : { panel: 300, letter: 6, line: 15, title: 11, tick: 11, step: 30, under: 30 };
    const dense = steps.across.length > 8;
    const columns = Math.max(1, Math.min(all.length, dense ? 1 : Math.floor(width / size.panel)));
    const rows = Math.ceil(all.length / columns);
    const panelWidth = Math.min(width / columns, dense ? width : 460);
    const titles = all.map((panel) => wrapped(caption(panel), Math.max(12, Math.floor((panelWidth - 50) / size.letter))));
    const top = 6 + size.line * Math.max(...titles.map((title) => title.length), filters.length > 0 ? 1 : 0);
    const body = Math.max(paper ? 56 : 120, Math.min(420, (dense ? 0.75 : 1) * size.step * steps.down.length));
    const [tall, foot] = [top + body + size.under + 12, 62];
    const height = rows * tall + foot;
    node.style.height = `${height}px`;
    const known = values.filter((value) => value !== null);
    const few = steps.down.length * steps.across.length <= 200 && panelWidth / steps.across.length > 40;
    const traces = [];
    const axes = {};
    const annotations = [];
    const shapes = [];
    const best = known.length === 0 ? null : lower ? Math.min(...known) : Math.max(...known);
    all.forEach((panel, index) => {
      const [row, column] = [Math.floor(index / columns), index % columns];
      const number = index === 0 ? "" : String(index + 1);
      const left = (column * panelWidth + 52) / width;
      const right = (column * panelWidth + panelWidth - 8) / width;
      const upper = 1 - (row * tall + top) / (rows * tall);
      const under = 1 - (row * tall + top + body) / (rows * tall);
      const found = cells(panel);
      const z = steps.down.map((y) => steps.across.map((x) => values[found.get(`${y.index},${x.index}`)] ?? null));
      traces.push({
        type: "heatmap", z, customdata: steps.down.map((y) => steps.across.map((x) => found.get(`${y.index},${x.index}`) ?? null)), x: steps.across.map(({ text }) => text), y: steps.down.map(({ text }) => text),
        xaxis: `x${number}`, yaxis: `y${number}`, coloraxis: "coloraxis", xgap: 2, ygap: 2, hoverongaps: false,
        hovertemplate: `${plain(data.keys[down].name)} %{y}<br>${plain(data.keys[across].name)} %{x}<br><b>%{z:${format}}</b><extra>${titles[index].map(plain).join("<br>")}</extra>`,
      });
      if (few) traces.push(figures({ z, xaxis: `x${number}`, yaxis: `y${number}` }, { known, lower, format, size: paper ? 8 : panelWidth / steps.across.length > 52 ? 11 : 9.5 }));
      axes[`xaxis${number}`] = axis({ type: "category", showgrid: false, domain: [left, right], anchor: `y${number}`, tickfont: { size: size.tick }, ...(row === rows - 1 || index + columns >= all.length ? { title: { text: plain(data.keys[across].name), font: { size: size.tick }, standoff: 2 }, automargin: false } : {}) });
      axes[`yaxis${number}`] = axis({ type: "category", showgrid: false, domain: [under, upper], anchor: `x${number}`, autorange: "reversed", tickfont: { size: size.tick }, ...(column === 0 ? { title: { text: plain(data.keys[down].name), font: { size: size.tick }, standoff: 2 }, automargin: false } : {}) });
      // The best of all is framed.
      z.forEach((line, y) => line.forEach((value, x) => {
        if (value === null || value !== best) return;
        shapes.push({ type: "rect", xref: `x${number}`, yref: `y${number}`, x0: x - 0.5, x1: x + 0.5, y0: y - 0.5, y1: y + 0.5, line: { color: color("text"), width: 3 }, fillcolor: "rgba(0,0,0,0)" });
      }));
      if (filters.length > 0) {
        annotations.push({
          text: titles[index].map(plain).join("<br>"), showarrow: false, align: "left", font: { size: size.title, color: color("text") },
          xref: "paper", x: left, xanchor: "left", yref: "paper", y: upper, yanchor: "bottom", yshift: 2,
        });
      }
    });
    return {
      traces,
      layout: layout({
        ...axes,
        annotations,
        shapes,
        height,
        hovermode: "closest",
        coloraxis: {
          colorscale: [[0, color("raised")], [1, color("portfolio")]], reversescale: lower, cmin: Math.min(...known), cmax: Math.max(...known),
          colorbar: { orientation: "h", thickness: 10, len: Math.min(1, 420 / width), x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", outlinewidth: 0, nticks: 6, tickformat: unit === "percent" ? ".3~%" : "", title: { text: plain(label), side: "top", font: { size: 11 } } },
        },
        margin: { l: 2, r: 2, t: 2, b: foot },
      }),
    };
  }

  if (down !== null) maps();
  const made = chart("chart-map", down === null ? lines : maps);
  opens(made, ({ customdata }) => customdata);
  document.getElementById("selectors").addEventListener("change", () => made?.draw());
  document.querySelectorAll("[data-costs]").forEach((button) => button.addEventListener("click", () => {
    costs = Number(button.dataset.costs);
    document.querySelectorAll("[data-costs]").forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    made?.draw();
  }));
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    setTimeout(() => made?.draw(), 150);
  });
})();
