// Growth of the best and the median backtest.
(() => {
  const { data, plain, color, axis, layout, chart, room, letters, money } = walkfolio;
  const { curves } = data;
  if (!curves) return;
  const known = curves.flatMap(({ value }) => value).filter((value) => value > 0);
  const log = known.length > 0 && Math.max(...known) > 8 * Math.min(...known);
  const keys = { best: "portfolio", median: "muted" };
  const named = curves.reduce((all, { role, name }) => all + role.length + name.length + 2, 0);
  chart("chart-curves", (node) => {
    // Names that do not fit next to each other are below each other.
    const rows = room(node) < 660 || named * letters(6.5) + 120 > room(node) ? 2 : 1;
    const last = curves.map(({ value }) => value.findLast((one) => one !== null) ?? 0);
    const place = (value) => (log ? Math.log10(value) : value);
    const apart = curves.length > 1 && Math.abs(place(last[0]) - place(last[1])) < 0.08 * (place(Math.max(...known)) - place(Math.min(...known)));
    return {
      traces: curves.map(({ role, name, dates, value }) => ({
        type: "scatter", mode: "lines", name: `${role}: ${plain(name)}`, x: dates, y: value,
        line: { color: color(keys[role]), width: role === "best" ? 2 : 1.4 }, hovertemplate: "$%{y:,.2f}",
      })),
      layout: layout({
        showlegend: true,
        annotations: curves.map(({ role }, at) => ({
          text: `<b>${role}</b><br>$${money(last[at])}`, showarrow: false, align: "left", xref: "paper", x: 1, xanchor: "left", xshift: 6,
          y: place(last[at]), yanchor: "middle", yshift: apart ? letters(last[at] === Math.max(...last) ? 16 : -16) : 0, font: { size: letters(12), color: color(keys[role]) },
        })),
        xaxis: axis({ type: "date", showgrid: false, hoverformat: "%-d %b %Y" }),
        yaxis: axis({ type: log ? "log" : "linear", tickprefix: "$", nticks: 8, ...(log ? { dtick: 1, tickformat: ",~r" } : {}) }),
        margin: { l: 64, r: 84, t: 12, b: letters(34 + 24 * rows) },
      }),
    };
  });
})();
