// Expected and realized tracking error, and what the expectation is made of.
(() => {
  const { data, plain, color, faded, palette, axis, layout, steps, percents, timeline } = walkfolio;
  const { risk, series } = data;
  if (!risk || !timeline) return;
  const { add, time, below, limits, ends } = timeline;
  const { x, held: spread, said, meta } = steps(risk.dates, risk.end);
  // Edges between many decisions would hide what they separate.
  const edge = risk.dates.length > 150 ? 0 : 0.4;
  const line = (name, days, values, stroke, more) => ({
    type: "scatter", mode: "lines", name, x: days, y: values, line: stroke, hovertemplate: "%{y:.2%}", ...more,
  });

  // By session, what was expected by the decision before it.
  let at = -1;
  const decided = series.dates.map((date) => {
    while (at + 1 < risk.dates.length && risk.dates[at + 1] <= date) at += 1;
    return at;
  });
  const held = decided.map((at) => (at < 0 ? null : risk.expected[at]));
  function tracking(node) {
    const drawn = [
      { name: "expected", values: held, color: color("text") },
      { name: `${risk.sessions} sessions`, values: risk.realized, color: color("portfolio") },
    ];
    const range = limits(drawn.map(({ values }) => values), false);
    if (range) range[0] = Math.min(0, range[0]);
    if (range && risk.full !== null) range[1] = Math.max(range[1], 1.05 * risk.full);
    const labels = ends(node, drawn.map((one) => ({ ...one, shown: (value) => walkfolio.percent(value, 1) })), range, false);
    const traces = [
      line("realized", series.dates, risk.realized, { color: color("portfolio"), width: 1.5 }),
      line("expected", series.dates, held, { color: color("text"), width: 1.6, shape: "hv" }, {
        customdata: decided.map((at) => risk.dates[at] ?? ""), hovertemplate: "%{y:.2%}, decided for %{customdata}",
      }),
    ];
    const shapes = risk.full === null ? [] : [{
      type: "line", xref: "paper", x0: 0, x1: 1, y0: risk.full, y1: risk.full, line: { color: color("portfolio"), width: 1.3, dash: "dash" },
    }];
    return {
      traces,
      layout: layout({
        showlegend: false, shapes, annotations: labels.annotations,
        xaxis: time(), yaxis: axis({ tickformat: percents(range), range, nticks: 6 }),
        margin: { l: 56, r: labels.room, t: 8, b: 30 },
      }),
    };
  }

  function contributions(node) {
    const colors = palette();
    const traces = [said];
    for (const { name, colour, values } of risk.parts) {
      const own = spread(values);
      const common = {
        type: "scatter", mode: "lines", x, meta, name: plain(name), legendgroup: name, customdata: own,
        line: { shape: "hv", width: edge, color: color("page") }, fillcolor: faded(colors[colour % colors.length], 0.92),
      };
      // What lowers the tracking error is stacked downwards from zero.
      traces.push({ ...common, stackgroup: "more", y: own.map((part) => Math.max(part, 0)), hovertemplate: "%{customdata:.2%}" });
      if (own.some((part) => part < 0)) {
        traces.push({ ...common, stackgroup: "less", y: own.map((part) => Math.min(part, 0)), hoverinfo: "skip", showlegend: false });
      }
    }
    traces.push(line("all", x, spread(risk.expected), { color: color("text"), width: edge > 0 ? 1.6 : 0.8, shape: "hv" }, { meta }));
    return {
      traces,
      layout: layout({
        xaxis: time(),
        yaxis: axis({ tickformat: ".0%", zerolinewidth: 1.5, zerolinecolor: color("muted") }),
        margin: { l: 56, r: 8, t: 8, b: below(node, [...risk.parts.map(({ name }) => name), "all"], true) },
      }),
    };
  }

  add("chart-tracking", tracking);
  // The legend may need many rows: the chart grows by them.
  const node = document.getElementById("chart-risk");
  const names = [...risk.parts.map(({ name }) => name), "all"];
  node.style.height = `${parseFloat(getComputedStyle(node).height) + below(node, names, true) - 71}px`;
  add("chart-risk", contributions);
})();
