// Contributions to expected tracking error, and what was realized.
(() => {
  const { data, plain, color, faded, palette, axis, layout, timeline } = walkfolio;
  const { risk, series } = data;
  if (!risk || !timeline) return;
  const { add, time, below } = timeline;
  const stretch = (values) => (risk.end ? [...values, values[values.length - 1]] : values);
  const x = stretch(risk.dates);
  // Edges between many decisions would hide what they separate.
  const edge = risk.dates.length > 150 ? 0 : 0.4;
  if (risk.end) x[x.length - 1] = risk.end;

  function contributions(node) {
    const colors = palette();
    const traces = [];
    for (const { name, colour, values } of risk.parts) {
      const held = stretch(values);
      const common = {
        type: "scatter", mode: "lines", x, name: plain(name), legendgroup: name, customdata: held,
        line: { shape: "hv", width: edge, color: color("page") }, fillcolor: faded(colors[colour % colors.length], 0.92),
      };
      // What lowers the tracking error is stacked downwards from zero.
      traces.push({ ...common, stackgroup: "more", y: held.map((part) => Math.max(part, 0)), hovertemplate: "%{customdata:.2%}" });
      if (held.some((part) => part < 0)) {
        traces.push({ ...common, stackgroup: "less", y: held.map((part) => Math.min(part, 0)), hoverinfo: "skip", showlegend: false });
      }
    }
    const line = (name, days, values, stroke, more) => ({
      type: "scatter", mode: "lines", name, x: days, y: values, line: stroke, hovertemplate: "%{y:.2%}", ...more,
    });
    const expected = { color: color("text"), width: edge > 0 ? 1.6 : 0.8, shape: "hv" };
    traces.push(line("expected", x, stretch(risk.expected), expected, { legendgroup: "expected" }));
    const below2 = { yaxis: "y2" };
    traces.push(line("expected", x, stretch(risk.expected), expected, { ...below2, legendgroup: "expected", showlegend: false, hoverinfo: "skip", hovertemplate: undefined }));
    const realized = `realized, ${risk.sessions} sessions`;
    traces.push(line(realized, series.dates, risk.realized, { color: color("benchmark"), width: 1.4 }, below2));
    const names = [...risk.parts.map(({ name }) => name), "expected", realized];
    if (risk.full !== null) {
      const whole = "realized, full sample";
      const ends = [series.dates[0], series.dates[series.dates.length - 1]];
      traces.push(line(whole, ends, [risk.full, risk.full], { color: color("benchmark"), width: 1.4, dash: "dash" }, { ...below2, hoverinfo: "skip", hovertemplate: undefined }));
      names.push(whole);
    }
    const bottom = below(node, names, true);
    return {
      traces,
      layout: layout({
        hoversubplots: "axis",
        xaxis: time({ anchor: "y" }),
        yaxis: axis({ domain: [0, 0.56], tickformat: ".0%", title: { text: "contribution" }, zerolinewidth: 1.5, zerolinecolor: color("muted") }),
        yaxis2: axis({ domain: [0.64, 1], tickformat: ".0%", rangemode: "tozero", title: { text: "tracking error" } }),
        margin: { l: 64, r: 8, t: 14, b: bottom },
      }),
    };
  }

  // The legend may need many rows: the chart grows by them.
  const node = document.getElementById("chart-risk");
  const names = [...risk.parts.map(({ name }) => name), "expected", "realized, 63 sessions", "realized, full sample"];
  node.style.height = `${parseFloat(getComputedStyle(node).height) + below(node, names, true) - 71}px`;
  add("chart-risk", contributions);
})();
