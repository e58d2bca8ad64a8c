// The states of regimes over time.
(() => {
  const { data, plain, color, faded, axis, layout, timeline } = walkfolio;
  const { states } = data;
  if (!states || !timeline) return;
  const { add, time, line, shade, press } = timeline;

  add("chart-states", () => {
    const traces = states.map(({ name, states: names, sessions }, row) => ({
      type: "heatmap", x: data.series.dates, y: [plain(name)], z: [sessions], text: [sessions.map((state) => (state === null ? "" : plain(names[state])))],
      zmin: 0, zmax: names.length - 1, showscale: false, hoverongaps: false, hovertemplate: `%{text}<extra>${plain(name)}</extra>`,
      colorscale: [[0, faded(color("portfolio"), 0.12)], [1, faded(color("portfolio"), 0.9)]], yaxis: row === 0 ? "y" : `y${row + 1}`,
    }));
    const share = 1 / states.length;
    const axes = Object.fromEntries(states.map((_, row) => [
      row === 0 ? "yaxis" : `yaxis${row + 1}`,
      axis({ type: "category", showgrid: false, fixedrange: true, domain: [1 - (row + 1) * share + 0.02, 1 - row * share - 0.02] }),
    ]));
    return {
      traces,
      layout: layout({
        ...axes,
        hovermode: "closest",
        xaxis: time({ anchor: "free", position: 0 }),
        margin: { l: 110, r: 8, t: 4, b: 32 },
      }),
    };
  });

  add("chart-probabilities", () => ({
    traces: states.filter(({ probability }) => probability).map(({ name, states: names, probability }, index) =>
      line(`${name}, ${names[names.length - 1]}`, probability, { line: { color: color(`c${index}`), width: 1.2 }, hovertemplate: "%{y:.1%}" })),
    layout: layout({ xaxis: time(), yaxis: axis({ range: [0, 1], tickformat: ".0%", nticks: 6 }), margin: { l: 56, r: 8, t: 8, b: 58 } }),
  }));

  document.querySelectorAll("[data-shade]").forEach((button) => button.addEventListener("click", () => {
    press("shade", button.dataset.shade);
    shade(Number(button.dataset.shade));
  }));
  press("shade", String(timeline.shaded()));
})();
