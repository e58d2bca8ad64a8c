// Every backtest by two measures, and those that no other beats.
(() => {
  const { data, plain, color, faded, axis, layout, chart, room, opens } = walkfolio;
  const { pareto } = data;
  const [up, across] = ["pareto-up", "pareto-across"].map((id) => document.getElementById(id));
  if (!pareto || !up) return;
  for (const select of [up, across]) pareto.measures.forEach(({ label }, index) => select.add(new Option(label, index)));
  up.value = pareto.up;
  across.value = pareto.across;
  const form = { percent: ".2%", number: ".3f", count: ",.0f" };
  function figure(node) {
    const [y, x] = [Number(up.value), Number(across.value)];
    const best = pareto.efficient[y][x];
    const [high, wide] = [pareto.measures[y], pareto.measures[x]];
    const hover = `<b>%{text}</b><br>${plain(high.label)} %{y:${form[high.unit]}}<br>${plain(wide.label)} %{x:${form[wide.unit]}}<extra></extra>`;
    const at = (places, of) => places.map((place) => pareto.values[of][place]);
    const names = (places) => places.map((place) => plain(pareto.names[place]));
    const others = pareto.names.map((_, place) => place).filter((place) => !best.includes(place));
    return {
      traces: [
        { type: "scatter", mode: "markers", name: "others", x: at(others, x), y: at(others, y), text: names(others), customdata: others, marker: { size: 7, color: faded(color("muted"), 0.45) }, hovertemplate: hover },
        { type: "scatter", mode: "lines+markers", name: "efficient", x: at(best, x), y: at(best, y), text: names(best), customdata: best, line: { color: color("portfolio"), width: 1.2, shape: "hv", dash: "dot" }, marker: { size: 10, color: color("portfolio") }, hovertemplate: hover },
      ],
      layout: layout({
        hovermode: "closest",
        showlegend: false,
        xaxis: axis({ title: { text: `${plain(wide.label)} (${wide.better})` }, tickformat: wide.unit === "percent" ? ".1%" : "", nticks: room(node) < 560 ? 4 : 8 }),
        yaxis: axis({ title: { text: plain(high.label) }, tickformat: high.unit === "percent" ? ".1%" : "", nticks: 8 }),
        margin: { l: 70, r: 12, t: 14, b: 52 },
      }),
    };
  }
  const made = chart("chart-pareto", figure);
  opens(made, ({ customdata }) => customdata);
  for (const select of [up, across]) select.addEventListener("change", () => made?.draw());
})();
