// The tracking errors of all backtests, sorted, with their intervals.
(() => {
  const { data, plain, color, faded, axis, layout, chart, letters, opens } = walkfolio;
  const { best_tracking: found } = data;
  if (!found) return;
  const cells = found.errors.map((error, cell) => ({ error, cell })).filter(({ error }) => error !== null)
    .sort((a, b) => a.error[0] - b.error[0]);
  const words = (cell) => data.cells[cell].map((value, key) => `${data.keys[key].name} ${data.keys[key].values[value]}`);
  const made = chart("chart-best_tracking", () => {
    const many = cells.length > 120;
    const group = (name, key, wanted) => {
      const shown = cells.map((one, rank) => ({ ...one, rank: rank + 1 })).filter(({ cell }) => wanted(cell));
      return {
        type: "scatter", mode: "markers", name, x: shown.map(({ rank }) => rank), y: shown.map(({ error }) => error[0]),
        error_y: {
          type: "data", symmetric: false, width: 0, thickness: many ? 1 : 1.6, color: faded(color(key), many ? 0.28 : 0.4),
          array: shown.map(({ error }) => error[2] - error[0]), arrayminus: shown.map(({ error }) => error[0] - error[1]),
        },
        marker: { color: color(key), size: many ? 3 : name === "the smallest" ? 10 : 6 },
        customdata: shown.map(({ error, cell }) => [words(cell).map(plain).join("<br>"), error[1], error[2], cell]),
        hovertemplate: "%{customdata[0]}<br><b>%{y:.2%}</b> (%{customdata[1]:.2%} to %{customdata[2]:.2%})<extra></extra>",
      };
    };
    const traces = [
      group("the smallest", "benchmark", (cell) => cell === found.best),
      group("not told apart from it", "portfolio", (cell) => cell !== found.best && found.alike[cell]),
      group("larger", "muted", (cell) => cell !== found.best && !found.alike[cell]),
    ].filter(({ x }) => x.length > 0);
    return {
      traces,
      layout: layout({
        hovermode: "closest",
        xaxis: axis({ title: { text: "rank" }, showgrid: false, range: [0.5, cells.length + 0.5], tickformat: "d", ...(cells.length <= 20 ? { dtick: 1 } : {}) }),
        yaxis: axis({ title: { text: "tracking error a year" }, tickformat: ".1~%" }),
        margin: { l: 64, r: 8, t: 14, b: letters(74) },
      }),
    };
  });
  opens(made, ({ customdata }) => customdata?.[3]);
})();
