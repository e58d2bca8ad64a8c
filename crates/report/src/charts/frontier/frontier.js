// Tracking error over the number of holdings.
(() => {
  const { data, plain, color, palette, axis, layout, chart, room, letters, opens } = walkfolio;
  if (!data.frontier) return;
  const { lines } = data.frontier;
  const controls = document.getElementById("frontier-controls");
  const select = document.getElementById("frontier-line");
  // Many lines in one picture cannot be told apart: one is chosen.
  const many = lines.length > 8;
  controls.hidden = !many;
  lines.forEach(({ name }, index) => select.add(new Option(name, index)));

  function frontier(node) {
    const shown = many ? [lines[Number(select.value)]] : lines;
    const colors = shown.length > 1 ? palette() : [color("portfolio")];
    const narrow = room(node) < 560;
    const lowest = Math.min(...shown.flatMap(({ tracking_error: error }) => error).filter((value) => value !== null));
    const label = (value) => (value === null ? "" : (narrow ? (100 * value).toFixed(1) : `${(100 * value).toFixed(2)} %`));
    const traces = shown.map(({ name, holdings, tracking_error: error, cells }, index) => ({
      type: "scatter", mode: shown.length > 1 ? "lines+markers" : "lines+markers+text", name: plain(name),
      x: holdings, y: error, customdata: cells, text: error.map(label), textposition: "top right", cliponaxis: false,
      textfont: { size: letters(narrow ? 10 : 12), color: color("text") },
      line: { color: colors[index], width: 1.8 }, marker: {
        color: colors[index], size: error.map((value) => (value === lowest ? 13 : 8)),
        line: { color: color("text"), width: error.map((value) => (value === lowest ? 2.5 : 0)) },
      },
      hovertemplate: shown.length > 1 ? "%{y:.2%}" : "at most %{x}: %{y:.2%}<extra></extra>",
    }));
    const all = shown.flatMap(({ tracking_error: error }) => error).filter((value) => value !== null);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const air = 0.12 * (high - low) || 0.1 * high;
    const most = Math.max(...shown.flatMap(({ holdings }) => holdings));
    const least = Math.min(...shown.flatMap(({ holdings }) => holdings));
    const side = Math.max(0.5, 0.04 * (most - least));
    return {
      traces,
      layout: layout({
        showlegend: shown.length > 1,
        xaxis: axis({ title: { text: "most holdings allowed" }, tickformat: "d", ...(most - least <= 30 ? { dtick: 1 } : {}), range: [least - side, most + side], showgrid: false }),
        yaxis: axis({ title: { text: "tracking error a year" }, tickformat: ".1%", range: [low - air, high + air] }),
        margin: { l: 70, r: 30, t: 18, b: letters(48 + (shown.length > 1 ? 24 * shown.length : 0)) },
      }),
    };
  }

  const made = chart("chart-frontier", frontier);
  opens(made, ({ customdata }) => customdata);
  select.addEventListener("change", () => made?.draw());
})();
