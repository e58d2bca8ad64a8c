"use strict";
// What all pages share: the data, the theme, and charts that follow it.
const walkfolio = (() => {
  const root = document.documentElement;
  const config = {
    displaylogo: false,
    displayModeBar: matchMedia("(pointer: coarse)").matches ? false : "hover",
    responsive: true,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"],
  };
  const charts = [];
  let printing = false;

  // Names come from users; Plotly reads some tags in texts.
  const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const read = (text) => text.replace(/<[^>]*>/g, " ").replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  // A true minus sign, thousands apart from 10,000 on.
  const number = (value, places) => {
    const [whole, rest] = Math.abs(value).toFixed(places).split(".");
    const apart = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
    const text = rest ? `${apart}.${rest}` : apart;
    return (value < 0 && /[1-9]/.test(text) ? "\u2212" : "") + text;
  };
  const percent = (value, places) => `${number(100 * value, places)}\u202f%`;
  const money = (value) => number(value, Math.abs(value) < 1000 ? 2 : 0);

  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  function color(name) {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }
  const faded = (rgb, alpha) => rgb.replace(/^rgb\(([^)]*)\)$/, `rgba($1, ${alpha})`);
  const palette = () => Array.from({ length: 12 }, (_, index) => color(`c${index}`));

  function isDark() {
    const set = root.dataset.theme;
    return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  // A title keeps clear of the numbers along its axis, however long they are.
  function axis(more) {
    const [grid, rule] = [color("grid"), color("rule")];
    const titled = more?.title ? { automargin: true, ...more, title: { standoff: letters(10), font: { size: letters(12) }, ...more.title } } : more;
    return { gridcolor: grid, linecolor: rule, zerolinecolor: rule, zerolinewidth: 1, fixedrange: true, ...titled };
  }
  // As many places as tell six ticks of a range apart, and no fewer than usual.
  const places = (range, usual) => {
    const step = range ? (range[1] - range[0]) / 6 : 1;
    return Math.max(usual, step > 0 ? Math.ceil(-Math.log10(step)) : 0);
  };
  // The same of a range in percent, as a format.
  const percents = (range, usual = 0) => `.${places(range && range.map((end) => 100 * end), usual)}%`;

  // A logarithmic axis whose ticks are apart however many decades the values span.
  function decades(values, more) {
    const logs = values.filter((value) => value > 0).map(Math.log10);
    let [low, high] = [Math.floor(Math.min(...logs, 0)), 1];
    if (logs.length > 0) [low, high] = [Math.min(...logs), Math.max(...logs)];
    const air = Math.max(0.05 * (high - low), 0.15);
    const span = high - low + 2 * air;
    return axis({ type: "log", range: [low - air, high + air], dtick: span > 1.2 ? Math.ceil(span / 4) : "D2", ...more });
  }

  function layout(more) {
    const text = color("text");
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: letters(12), color: color("muted") },
      margin: { l: 64, r: 8, t: 14, b: 36 },
      hovermode: "x unified",
      hoverlabel: { bgcolor: color("raised"), bordercolor: color("rule"), font: { color: text } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: color("rule"), activecolor: color("accent") },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", font: { color: text } },
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      ...more,
    };
  }

  function chart(id, figure) {
    const node = document.getElementById(id);
    if (!node) return null;
    if (!heights.has(node)) heights.set(node, parseFloat(getComputedStyle(node).height));
    const draw = () => {
      const { traces, layout: wanted } = figure(node);
      // A figure that sets its own height has thought of paper.
      if (printing) Object.assign(wanted, { width: paperWidth(node), height: wanted.height ?? tall(node) });
      return Plotly.react(node, traces, wanted, config);
    };
    charts.push(draw);
    draw();
    exported(node);
    return { node, draw };
  }

  // The heights that charts have on the screen, in pixels.
  const heights = new Map();
  const twoPages = () => printing && !root.classList.contains("whole");
  // In pixels on A4 as on Letter; half of it where two charts are side by side.
  const paperWidth = (node) => (node.closest("#returns") && node.id !== "chart-months" ? 330 : 690);
  // The height that a chart will have, and the size of letters in it: two pages hold smaller ones.
  const tall = (node) => (printing ? Math.round((twoPages() ? 0.36 : 0.62) * (heights.get(node) ?? 420)) : node.clientHeight || 420);
  const letters = (size) => (twoPages() ? 0.75 * size : size);

  // A picture of a chart as it is seen, on the colour of the page: PNG twice as fine, or SVG.
  function picture(node, format) {
    const [width, height] = [node.clientWidth, node.clientHeight];
    const back = { paper_bgcolor: color("page"), plot_bgcolor: color("page") };
    const wanted = { data: node.data, layout: { ...node.layout, ...back, width, height }, config: { displayModeBar: false } };
    return Plotly.toImage(wanted, { format, width, height, scale: format === "png" ? 2 : 1 });
  }

  // What a chart shows as rows of cells, the heading first: by place across, a column a line; a map as it is.
  function rows(node) {
    const text = (value) => {
      if (value === null || value === undefined) return "";
      if (typeof value !== "number") return String(value).replace(/^(\d{4}-\d\d-\d\d)[T ].*/, "$1");
      return String(Number(value.toPrecision(6))).replace("-", "\u2212");
    };
    const map = node.data.find(({ type }) => type === "heatmap");
    if (map) return [["", ...map.x.map(text)], ...map.z.map((row, at) => [text(map.y[at]), ...Array.from(row, text)])];
    const lines = node.data.filter(({ hoverinfo, x, y, meta }) => hoverinfo !== "skip" && x && y && meta !== "aside");
    const across = lines.some(({ orientation }) => orientation === "h");
    const [place, value] = across ? ["y", "x"] : ["x", "y"];
    const table = new Map();
    lines.forEach((line, column) => Array.from(line[place]).forEach((at, index) => {
      if (line.meta?.between?.[index]) return;
      const key = text(at);
      if (!table.has(key)) table.set(key, Array(lines.length).fill(""));
      table.get(key)[column] = text((line.stackgroup ? line.customdata : line[value])[index]);
    }));
    const keys = [...table.keys()];
    if (keys.every((key) => /^\d{4}-\d\d-\d\d$/.test(key))) keys.sort();
    return [["", ...lines.map(({ name }) => name ?? "")], ...keys.map((key) => [key, ...table.get(key)])];
  }
  const most = 2000;
  function tabled(node) {
    const [head, ...all] = rows(node);
    const box = document.createElement("div");
    box.className = "scroll limited drawn-data";
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", `${node.getAttribute("aria-label")}, as a table`);
    const table = document.createElement("table");
    table.className = "figures";
    const line = (cells, into, kind) => {
      const row = into.insertRow();
      cells.forEach((cell, at) => {
        const made = document.createElement(at === 0 || kind ? "th" : "td");
        if (made.tagName === "TH") made.scope = kind ?? "row";
        made.textContent = read(cell);
        row.append(made);
      });
    };
    line(head, table.createTHead(), "col");
    const body = table.createTBody();
    all.slice(-most).forEach((cells) => line(cells, body));
    if (all.length > most) table.createCaption().textContent = `The last ${most} of ${all.length} rows.`;
    box.append(table);
    return box;
  }

  function exported(node) {
    const name = `${shared.data.study}-${node.id.replace("chart-", "")}`.replace(/[^\w.-]+/g, "_");
    const bar = document.createElement("div");
    bar.className = "export";
    const add = (text, label, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => act(button));
      bar.append(button);
    };
    add("Table", "Show the data of this chart as a table", (button) => {
      const open = bar.nextElementSibling?.classList.contains("drawn-data");
      if (open) bar.nextElementSibling.remove();
      else bar.after(tabled(node));
      button.setAttribute("aria-expanded", String(!open));
    });
    for (const format of ["png", "svg"]) {
      add(format.toUpperCase(), `Save this chart as ${format.toUpperCase()}`, async () => {
        const link = document.createElement("a");
        link.href = await picture(node, format);
        link.download = `${name}.${format}`;
        link.click();
      });
    }
    node.after(bar);
  }
  // What is decided on some dates and held until the next, so that a point anywhere is that of the decision that holds:
  // each is drawn on its date and on the day before the next. `held` spreads values, `said` names the decision.
  function steps(dates, end) {
    const day = (text) => Date.parse(String(text).slice(0, 10));
    const [x, from, between] = [[], [], []];
    const add = (date, index, inside) => {
      x.push(date);
      from.push(index);
      between.push(inside);
    };
    dates.forEach((date, index) => {
      add(date, index, false);
      const last = index + 1 < dates.length ? day(dates[index + 1]) - 864e5 : end ? day(end) : day(date);
      if (last > day(date)) add(new Date(last).toISOString().slice(0, 10), index, true);
    });
    const held = (values) => from.map((index) => values[index]);
    const said = {
      type: "scatter", mode: "lines", name: "decided for", x, y: x.map(() => 0), line: { width: 0 }, showlegend: false, meta: "aside",
      customdata: held(dates), hovertemplate: "%{customdata}",
    };
    return { x, held, said, meta: { between } };
  }

  // A point of a chart leads to the page of its backtest where a server has one, else to its row in the table.
  function opens(made, cellOf) {
    const place = document.body.dataset.cells;
    if (!made) return;
    if (place) made.node.classList.add("opens");
    made.node.on("plotly_click", ({ points }) => {
      const cell = points[0] ? cellOf(points[0]) : null;
      if (!Number.isInteger(cell)) return;
      if (place) location.href = place + (cell + 1);
      else if (document.getElementById(`cell-${cell + 1}`)) location.hash = `cell-${cell + 1}`;
    });
  }

  // The width that a chart will have, on paper too.
  const room = (node) => (printing ? paperWidth(node) : node.clientWidth);
  const onPaper = () => printing;
  const redraw = () => charts.forEach((draw) => draw());

  function label() {
    const button = document.getElementById("theme");
    if (button) button.querySelector("span").textContent = isDark() ? "Light" : "Dark";
  }
  function theme(name) {
    if (name) root.dataset.theme = name;
    label();
    redraw();
  }
  function paper(on) {
    if (printing === on) return;
    printing = on;
    const before = root.dataset.theme;
    if (on) {
      root.dataset.printed = before || "";
      root.dataset.theme = "light";
    } else if (root.dataset.printed) {
      root.dataset.theme = root.dataset.printed;
    } else {
      delete root.dataset.theme;
    }
    redraw();
    if (!on && shared.data) document.querySelectorAll(".chart").forEach((node) => Plotly.Plots.resize(node));
  }

  // The section in view is marked in the contents.
  function follow() {
    const links = new Map([...document.querySelectorAll("#sections li a")].map((link) => [link.hash.slice(1), link]));
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      entries.forEach(({ target, isIntersecting }) => (isIntersecting ? seen.add(target.id) : seen.delete(target.id)));
      const first = [...links.keys()].find((id) => seen.has(id));
      if (first) links.forEach((link, id) => (id === first ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    }, { root: document, rootMargin: "-10% 0px -60% 0px" });
    links.forEach((_, id) => {
      const section = document.getElementById(id);
      if (section) watch.observe(section);
    });
  }

  // The data and the script that draws are in the page as deflated text.
  async function inflated(id) {
    const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (letter) => letter.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }
  async function draw(drawn) {
    if (typeof DecompressionStream === "undefined") {
      document.querySelectorAll(".undrawn").forEach((node) => { node.hidden = false; });
      return;
    }
    const [data, plotting] = await Promise.all([inflated("data"), inflated("plotting")]);
    shared.data = JSON.parse(data);
    const script = document.createElement("script");
    script.textContent = plotting;
    document.head.append(script);
    drawn();
    root.classList.add("drawn");
  }

  // Paper gets two pages; `#all` in the address, as in report.html#all, everything.
  const whole = () => root.classList.toggle("whole", location.hash === "#all");
  addEventListener("hashchange", whole);
  whole();
  root.classList.add("scripted");
  if (location.hash === "#dark" || location.hash === "#light") root.dataset.theme = location.hash.slice(1);
  label();
  follow();
  document.getElementById("theme")?.addEventListener("click", () => theme(isDark() ? "light" : "dark"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme());
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));

  const shared = { data: null, plain, number, percent, money, color, faded, palette, axis, places, percents, decades, layout, chart, picture, rows, steps, opens, room, tall, letters, onPaper, draw };
  return shared;
})();
