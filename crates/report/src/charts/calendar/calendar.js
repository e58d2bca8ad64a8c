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
