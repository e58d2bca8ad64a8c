// Exposures to factors, and the sums of the parts of the returns.
(() => {
  const { data, plain, color, palette, axis, layout, timeline } = walkfolio;
  const { attribution } = data;
  if (!attribution || !timeline) return;
  const { add, time, below, shades } = timeline;
  const lines = (all, form, scale) => (node) => {
    const band = shades(Math.max(100, node.clientWidth - 72));
    return {
      traces: all().map(({ name, values, stroke }) => ({
        type: "scatter", mode: "lines", name: plain(name), x: attribution.dates, y: values, connectgaps: false,
        line: stroke, hovertemplate: form,
      })),
      layout: layout({
        shapes: band.shapes,
        xaxis: time(),
        yaxis: axis({ tickformat: scale, nticks: 7, zerolinewidth: 1.5, zerolinecolor: color("muted") }),
        margin: { l: 56, r: 8, t: 8, b: below(node, all().map(({ name }) => name), false) },
      }),
    };
  };
  const hues = () => [11, 3, 1, 10, 5, 6, 7, 8].map((index) => palette()[index]);
  const exposures = () => attribution.factors.map((name, index) => ({
    name, values: attribution.exposures[index], stroke: { color: hues()[1 + (index % 5)], width: 1.4 },
  }));
  const parts = () => attribution.parts.map(({ name, values }, index, all) => {
    const last = all.length - 1;
    if (index === last) return { name, values, stroke: { color: color("portfolio"), width: 2.2 } };
    if (index === last - 1) return { name, values, stroke: { color: color("benchmark"), width: 1.6 } };
    return { name, values, stroke: { color: index === 0 ? hues()[0] : hues()[1 + ((index - 1) % 5)], width: 1.3 } };
  });
  add("chart-exposures", lines(exposures, "%{y:.2f}", ".1f"));
  add("chart-attribution", lines(parts, "%{y:.2%}", ".0%"));
})();
