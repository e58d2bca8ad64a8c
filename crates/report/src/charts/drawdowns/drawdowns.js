// Wealth relative to the benchmark, and drawdowns.
(() => {
  const { data, color, faded, axis, layout, room, places, percents, timeline } = walkfolio;
  const { series } = data;
  if (!series || !timeline) return;
  const { add, time, line, limits, shades, rebased, ends } = timeline;
  const other = series.benchmark;
  const { relative } = series;
  function drawn(node) {
    const falls = [["portfolio", data.study, series.portfolio]];
    if (other) falls.push(["benchmark", data.benchmark, other]);
    const own = { yaxis: "y2" };
    const traces = falls.map(([key, name, { drawdown }]) => line(name, drawdown, {
      ...own, line: { color: color(key), width: key === "portfolio" ? 1.6 : 1.2 }, hovertemplate: "%{y:.2%}",
      ...(key === "portfolio" ? { fill: "tozeroy", fillcolor: faded(color(key), 0.14) } : {}),
    }));
    const below = limits(falls.map(([, , { drawdown }]) => drawdown));
    const labels = ends(node, falls.map(([key, name, { drawdown }]) => ({ name, values: drawdown, shown: (value) => walkfolio.percent(value, 1), color: color(key) })), below, false, other ? [0, 0.46] : [0, 1], "y2");
    let above = {};
    if (relative) {
      const values = rebased(relative, 1);
      traces.push(line("relative wealth", values, { line: { color: color("portfolio"), width: 1.8 }, hovertemplate: "%{y:.3f}" }));
      // What rises or falls by more than this is a wall and a straight line on a linear scale.
      const held = values.filter((value) => value !== null);
      const log = Math.min(...held) > 0 && Math.max(...held) > 8 * Math.min(...held);
      const range = limits([values], log);
      const shown = (value) => (value < 0.1 ? String(Number(value.toPrecision(2))) : value.toFixed(2));
      const end = ends(node, [{ name: "relative", values, shown, color: color("portfolio") }], range, log, [0.56, 1]);
      labels.annotations.push(...end.annotations);
      labels.room = Math.max(labels.room, end.room);
      const ticks = log ? { type: "log", dtick: 1, tickformat: ",~r" } : { nticks: 6, tickformat: `.${places(range, 2)}f` };
      above = { yaxis: axis({ domain: [0.56, 1], range, zeroline: false, ...ticks }) };
    }
    const whole = shades(Math.max(100, room(node) - 56 - labels.room));
    const one = { type: "line", xref: "paper", x0: 0, x1: 1, y0: 1, y1: 1, line: { color: color("muted"), width: 1, dash: "dot" } };
    return {
      traces,
      layout: layout({
        showlegend: false,
        hoversubplots: "axis",
        shapes: [...whole.shapes, ...(relative ? [one] : [])],
        annotations: labels.annotations,
        xaxis: time({ anchor: "y2" }),
        ...above,
        yaxis2: axis({ domain: other ? [0, 0.46] : [0, 1], range: below, tickformat: percents(below), nticks: 6 }),
        margin: { l: 56, r: labels.room, t: 10, b: 30 },
      }),
    };
  }
  add("chart-drawdowns", drawn);
})();
