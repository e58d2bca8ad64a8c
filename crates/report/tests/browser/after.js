// Runs after a page's own scripts: presses what can be pressed, and tells the frame around it.
(async () => {
  const { errors, blocked } = window.probe;
  const found = { errors, blocked, faults: [], charts: 0, pressed: 0, chosen: 0 };
  const fault = (text) => found.faults.push(text);
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  const name = (node) => node.id || JSON.stringify(node.dataset) || node.textContent;

  // Marks that a reader sees: lines, bars, dots, areas and the pictures of heat maps.
  const marks = (chart) => [...chart.querySelectorAll(".trace path, .points path, .point path, .heatmaplayer image, .hm image, .js-line, .js-fill")]
    .filter((mark) => mark.tagName === "image" || (mark.getAttribute("d") ?? "").length > 4).length;
  // Everything that a selector can change, as text.
  const state = () => [...document.querySelectorAll(".chart, tbody, select, .period, .calendar")]
    .map((node) => (node.classList.contains("chart") ? node.querySelector("svg")?.outerHTML ?? "" : node.textContent + node.className + [...node.querySelectorAll("tr")].map((row) => row.hidden)))
    .join("");
  function wide(when) {
    const root = document.documentElement;
    if (root.scrollWidth > window.innerWidth) fault(`${when}: the page is ${root.scrollWidth} wide in ${window.innerWidth}`);
    for (const node of document.querySelectorAll("main *")) {
      if (node.closest(".scroll, pre, svg, .plotly")) continue;
      if (node.getBoundingClientRect().right > window.innerWidth + 1) fault(`${when}: ${node.tagName} ${name(node)} is cut off`);
    }
  }

  try {
    // The library is inflated first; a page that never draws has its own faults.
    for (let waited = 0; waited < 100 && !document.documentElement.classList.contains("drawn"); waited += 1) await rest(50);
    await rest(300);
    const charts = [...document.querySelectorAll(".chart")];
    found.charts = charts.length;
    for (const chart of charts) if (marks(chart) === 0) fault(`${chart.id} has no points`);
    wide("at first");

    // Selectors before buttons: of a measure like turnover, costs change nothing.
    for (const select of document.querySelectorAll("select")) {
      if (select.offsetParent === null || select.options.length < 2) continue;
      const before = state();
      select.selectedIndex = select.selectedIndex === 0 ? 1 : 0;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      await rest(60);
      found.chosen += 1;
      if (state() === before) fault(`${name(select)} changes nothing`);
    }
    for (const button of document.querySelectorAll("[aria-pressed=false]")) {
      if (button.disabled || button.offsetParent === null) continue;
      const before = state();
      button.click();
      await rest(60);
      found.pressed += 1;
      if (state() === before) fault(`${name(button)} changes nothing`);
      if (button.getAttribute("aria-pressed") !== "true") fault(`${name(button)} does not stay pressed`);
    }
    for (const chart of charts) if (marks(chart) === 0) fault(`${chart.id} has no points after selecting`);

    const search = document.getElementById("ledger-search");
    if (search) {
      const rows = document.getElementById("ledger-table").tBodies[0].rows;
      search.value = "no such words anywhere";
      search.dispatchEvent(new Event("input"));
      if (rows.length !== 0) fault("the search of the ledger finds what is not there");
      search.value = "";
      search.dispatchEvent(new Event("input"));
      if (rows.length === 0) fault("an empty search finds nothing");
    }
    const table = document.getElementById("cells-table");
    if (table) {
      const column = table.tHead.rows[0].cells.length - 1;
      const values = () => [...table.tBodies[0].rows].map((row) => row.cells[column]?.textContent);
      table.tHead.rows[0].cells[column].querySelector("button").click();
      const up = values();
      table.tHead.rows[0].cells[column].querySelector("button").click();
      if (String(up) === String(values())) fault("the table of backtests does not sort");
    }

    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const shade = (text) => text.match(/\d+(\.\d+)?/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    const style = getComputedStyle(document.body);
    if (shade(style.backgroundColor) < 128 !== dark) fault(`the page is ${style.backgroundColor} with dark = ${dark}`);
    document.getElementById("theme")?.click();
    await rest(100);
    if (shade(getComputedStyle(document.body).backgroundColor) < 128 === dark) fault("the theme does not change");
    wide("in the other theme");

    if (document.querySelectorAll(".export button").length !== 3 * charts.length) fault("a chart cannot be saved");
    for (const chart of charts) {
      const button = chart.nextElementSibling?.querySelector("[aria-label*='as a table']");
      button?.click();
      const table = chart.nextElementSibling?.nextElementSibling;
      const filled = table?.classList.contains("drawn-data") && table.querySelectorAll("tbody td").length > 0;
      if (!filled) fault(`${chart.id} has no table of its data`);
      // A line's table has the values that it is drawn from.
      const line = chart.data?.find(({ type, stackgroup, meta, y, orientation, hoverinfo }) => type === "scatter" && hoverinfo !== "skip" && !stackgroup && meta !== "aside" && orientation !== "h" && typeof y?.[0] === "number");
      const shown = (value) => String(Number(value.toPrecision(6))).replace("-", "\u2212");
      if (filled && line && ![...table.querySelectorAll("td")].some(({ textContent }) => textContent === shown(line.y[line.y.length - 1]))) {
        fault(`the table of ${chart.id} has other values than its line`);
      }
      if (!chart.getAttribute("aria-label")) fault(`${chart.id} has no text alternative`);
      button?.click();
    }
    wide("with tables");
    for (const [at, chart] of charts.entries()) {
      const svg = decodeURIComponent(await walkfolio.picture(chart, "svg"));
      if (!svg.startsWith("data:image/svg+xml") || !svg.includes("<path")) fault(`${chart.id} has no SVG`);
      if (at > 0) continue;
      const png = await walkfolio.picture(chart, "png");
      if (!png.startsWith("data:image/png;base64,") || png.length < 5000) fault(`${chart.id} has no PNG`);
    }
    // A point of every chart of a grid leads to the row of its backtest.
    for (const id of ["map", "frontier", "best_tracking", "selection_bias", "pareto"]) {
      const chart = document.getElementById(`chart-${id}`);
      if (!chart || !table) continue;
      const points = chart.data.flatMap(({ customdata }) => Array.from(customdata ?? [])).flatMap((one) => (Array.isArray(one) && Number.isInteger(one[0]) ? one : [one]));
      const cell = (point) => (Array.isArray(point) ? point[3] : point);
      const known = points.find((point) => document.getElementById(`cell-${cell(point) + 1}`));
      if (known === undefined) {
        fault(`no point of ${id} is of a backtest`);
        continue;
      }
      location.hash = "";
      chart.emit("plotly_click", { points: [{ customdata: known }] });
      await rest(60);
      if (location.hash !== `#cell-${cell(known) + 1}`) fault(`a point of ${id} leads nowhere`);
    }
    // Between two decisions every point is of the one before it, and says which.
    for (const id of ["weights", "holdings", "risk", "distance"]) {
      const said = document.getElementById(`chart-${id}`)?.data?.find(({ name }) => name === "decided for");
      if (!said) continue;
      const between = said.x.filter((date, at) => date !== said.customdata[at]);
      if (said.x.some((date, at) => date < said.customdata[at])) fault(`${id} shows a decision before it is made`);
      if (said.x.length > 3 && between.length === 0) fault(`${id} has no points between decisions`);
    }
    // Ranges move every chart of the backtest, and growth begins at $100 again.
    const year = document.querySelector("[data-years='1']:not([hidden])");
    if (year && document.getElementById("chart-growth")) {
      year.click();
      await rest(100);
      const ranges = new Set(["growth", "drawdowns", "weights"].map((id) => document.getElementById(`chart-${id}`)?.layout.xaxis.range).filter(Boolean).map(String));
      if (ranges.size !== 1) fault("a range does not move all charts");
      const { data: [trace], layout } = document.getElementById("chart-growth");
      const first = trace.x.findIndex((date) => date >= String(layout.xaxis.range[0]).slice(0, 10));
      if (first < 1 || Math.abs(trace.y[first - 1] - 100) > 1e-6) fault("growth does not begin at 100 with its range");
      document.querySelector("[data-years='all']").click();
      await rest(60);
    }
    for (const link of document.querySelectorAll("main a[href^='#'], nav a[href^='#']")) {
      if (!document.getElementById(link.hash.slice(1))) fault(`${link.hash} leads nowhere`);
    }
    // Whatever can be pressed or scrolled can be reached without a mouse.
    for (const node of document.querySelectorAll("button, select, input, summary, .scroll")) {
      if (node.offsetParent === null || node.disabled || !node.checkVisibility()) continue;
      node.focus();
      if (document.activeElement !== node) fault(`${node.outerHTML.slice(0, 120)} cannot be reached by keyboard`);
    }
    // The pictures of charts are images with words, whatever is inside.
    if (window.axe) {
      const { violations } = await axe.run({ exclude: [[".main-svg"]] }, { resultTypes: ["violations"] });
      for (const { id, impact, nodes } of violations) {
        if (["serious", "critical"].includes(impact)) fault(`barrier: ${id}, ${nodes.length} times, as in ${nodes[0].html.slice(0, 200)}`);
      }
    }
    for (const { name: asked } of performance.getEntriesByType("resource")) {
      if (!/^(data|blob):/.test(asked)) fault(`it asks for ${asked}`);
    }
  } catch (error) {
    fault(`the test itself: ${error.stack ?? error}`);
  }
  parent.postMessage(found, "*");
})();
