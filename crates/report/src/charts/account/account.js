// The value of an account, and of the same money in the weights of the backtest.
(() => {
  const { data, color, axis, layout, chart, money } = walkfolio;
  const { account } = data;
  if (!account) return;
  const { dates, value, weights, flows } = account;
  const known = [...value, ...weights].filter((one) => one > 0);
  const log = known.length > 0 && Math.max(...known) > 8 * Math.min(...known);
  const line = (name, y, key, width) => ({
    type: "scatter", mode: "lines", name, x: dates, y, line: { color: color(key), width }, hovertemplate: "%{y:,.0f}",
  });
  chart("chart-account", (node) => {
    const traces = [line("account", value, "portfolio", 2), line("weights", weights, "muted", 1.4)];
    if (flows.length > 0) {
      traces.push({
        type: "scatter", mode: "markers", name: "paid in or out", x: flows.map(({ date }) => date), y: flows.map(({ at }) => at),
        marker: { color: color("portfolio"), size: 9, symbol: flows.map(({ amount }) => (amount > 0 ? "triangle-up" : "triangle-down")) },
        text: flows.map(({ amount }) => `${amount > 0 ? "paid in" : "paid out"} ${money(Math.abs(amount))}`), hovertemplate: "%{text}<extra></extra>",
      });
    }
    return {
      traces,
      layout: layout({
        showlegend: true,
        xaxis: axis({ type: "date", showgrid: false, hoverformat: "%-d %b %Y" }),
        yaxis: axis({ type: log ? "log" : "linear", nticks: 8, ...(log ? { dtick: 1, tickformat: ",~r" } : { tickformat: ",~r" }) }),
        margin: { l: 84, r: 12, t: 12, b: 58 + (node.clientWidth < 700 ? 24 : 0) },
      }),
    };
  });
})();
