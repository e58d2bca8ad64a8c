// Contributions of assets to the mean return, and to the mean active return.
(() => {
  const { data, plain, color, axis, layout, chart } = walkfolio;
  const { sources } = data;
  if (!sources || !document.getElementById("chart-sources")) return;
  const bars = (name, values, shade) => ({
    type: "bar", name, x: sources.names.map(plain), y: values, marker: { color: color(shade) },
    hovertemplate: `${name} %{y:.2%}<extra></extra>`,
  });
  chart("chart-sources", () => ({
    traces: [
      bars("return", sources.own, "portfolio"),
      ...(sources.active.some((value) => value !== null) ? [bars("active return", sources.active, "benchmark")] : []),
    ],
    layout: layout({
      barmode: "group",
      hovermode: "x unified",
      xaxis: axis({ type: "category" }),
      yaxis: axis({ title: { text: "a year" }, tickformat: ".1%" }),
    }),
  }));
})();
