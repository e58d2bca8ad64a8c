// Sessions since the highest value so far.
(() => {
  const { data, color, faded, axis, layout, timeline } = walkfolio;
  const { underwater } = data;
  if (!underwater || !timeline) return;
  const { add, time, line } = timeline;
  add("chart-underwater", () => {
    const own = color("portfolio");
    const traces = [line(data.study, underwater.portfolio, {
      line: { color: own, width: 1.2 }, fill: "tozeroy", fillcolor: faded(own, 0.14), hovertemplate: `%{y} ${data.periods}`,
    })];
    if (underwater.benchmark) {
      traces.push(line(data.benchmark || "benchmark", underwater.benchmark, { line: { color: color("benchmark"), width: 1.2 }, hovertemplate: `%{y} ${data.periods}` }));
    }
    return {
      traces,
      layout: layout({
        showlegend: false,
        xaxis: time(),
        yaxis: axis({ rangemode: "tozero", nticks: 6, title: { text: data.periods } }),
      }),
    };
  });
})();
