// The charts of a classifier.
(() => {
  const { data, plain, color, faded, axis, layout, chart, timeline } = walkfolio;
  const { model } = data;
  if (!model || !timeline) return;
  const { add, time, below, legendBar } = timeline;

  // Where one word for an AUC ends and the next begins, see the words' places on the right.
  const edges = [0, 0.5, 0.7, 0.8, 0.9, 1];
  const words = ["worse than<br>chance", "poor", "acceptable", "excellent", "outstanding"];

  function auc(node) {
    const trailing = `mean of ${model.window}`;
    const lines = [
      ["classifier, each decision", model.auc, { color: faded(color("portfolio"), 0.45), width: 1 }],
      [`classifier, ${trailing}`, model.trailing, { color: color("portfolio"), width: 2.6 }],
      [`same label, ${trailing}`, model.same_label, { color: color("c3"), width: 1.6 }],
      [`current weight, ${trailing}`, model.current_weight, { color: color("benchmark"), width: 1.6 }],
      ["classifier, cross-validated", model.cross_validated, { color: color("muted"), width: 1.4, dash: "dot" }],
    ].filter(([, values]) => values.some((value) => value !== null));
    const all = lines.flatMap(([, values]) => values).filter((value) => value !== null);
    const low = Math.min(0.45, ...all) - 0.02;
    return {
      traces: lines.map(([name, values, line]) => ({
        type: "scatter", mode: "lines", name, x: model.dates, y: values, line, hovertemplate: "%{y:.3f}",
      })),
      layout: layout({
        xaxis: time(),
        yaxis: axis({ range: [low, 1.015], tickvals: edges, tickformat: ".1f", gridcolor: color("rule"), griddash: "dot", title: { text: "AUC" } }),
        annotations: words.map((text, index) => ({
          text, showarrow: false, xref: "paper", x: 1, xanchor: "left", xshift: 6, align: "left", yanchor: "middle",
          y: (Math.max(edges[index], low) + edges[index + 1]) / 2, font: { size: 11, color: color("muted") },
        })),
        margin: { l: 64, r: 78, t: 14, b: below(node, lines.map(([name]) => name)) },
      }),
    };
  }

  function calibration(node) {
    const bins = model.calibration;
    const most = Math.max(...bins.map(({ count }) => count), 1);
    const largest = node.clientWidth < 560 ? 26 : 34;
    return {
      traces: [
        { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], hoverinfo: "skip", showlegend: false, line: { color: color("muted"), width: 1, dash: "dash" } },
        {
          type: "scatter", mode: "lines+markers+text", showlegend: false, cliponaxis: false,
          x: bins.map(({ probability }) => probability), y: bins.map(({ observed }) => observed),
          text: bins.map(({ count }) => String(count)), textposition: "middle right", textfont: { size: 11, color: color("muted") },
          line: { color: faded(color("portfolio"), 0.4), width: 1 },
          marker: {
            color: faded(color("portfolio"), 0.75), line: { width: 1, color: color("page") }, opacity: 1,
            size: bins.map(({ count }) => Math.max(5, largest * Math.sqrt(count / most))),
          },
          customdata: bins.map(({ from, to, count }) => [from, to, count]),
          hovertemplate: "%{customdata[2]} predictions of %{customdata[0]:.0%} to %{customdata[1]:.0%}<br>mean probability <b>%{x:.1%}</b><br>held <b>%{y:.1%}</b><extra></extra>",
        },
      ],
      layout: layout({
        hovermode: "closest",
        xaxis: axis({ range: [-0.04, node.clientWidth < 560 ? 1.14 : 1.1], tickformat: ".0%", tickvals: [0, 0.25, 0.5, 0.75, 1], title: { text: "mean probability" } }),
        yaxis: axis({ range: [-0.06, 1.06], tickformat: ".0%", tickvals: [0, 0.25, 0.5, 0.75, 1], title: { text: "share that was held" } }),
        margin: { l: 70, r: 8, t: 14, b: 52 },
      }),
    };
  }

  function importance(node) {
    const { dates, features } = model.importance;
    const end = data.weights.end;
    const narrow = node.clientWidth < 560;
    const percent = (share) => (share === null ? "" : ` · ${Math.round(100 * share)} %`);
    const names = features.map(({ name, mean }) => plain(name) + (narrow ? percent(mean).replace(" · ", "<br>") : percent(mean)));
    const longest = Math.max(...features.map(({ name, mean }) => (narrow ? name : name + percent(mean)).length));
    const high = Math.max(...features.flatMap(({ shares }) => shares).filter((share) => share !== null), 0.01);
    return {
      traces: [{
        type: "heatmap", x: end ? [...dates, end] : dates, y: names, z: features.map(({ shares }) => shares),
        zmin: 0, zmax: high, ygap: 2, hoverongaps: false, colorscale: [[0, color("raised")], [1, color("portfolio")]],
        colorbar: { ...legendBar, tickformat: ".0%", tickangle: 0, nticks: narrow ? 3 : 5 },
        hovertemplate: "%{y}, %{x|%-d %b %Y}<br><b>%{z:.1%}</b> of the gain<extra></extra>",
      }],
      layout: layout({
        hovermode: "closest",
        xaxis: time(),
        yaxis: axis({ type: "category", autorange: "reversed", showgrid: false, dtick: 1 }),
        margin: { l: Math.min(6.6 * longest + 14, 0.4 * node.clientWidth), r: 8, t: 14, b: 82 },
      }),
    };
  }

  add("chart-auc", auc);
  if (model.calibration.length > 0) chart("chart-calibration", calibration);
  if (model.importance.features.length > 0) {
    const node = document.getElementById("chart-importance");
    node.style.height = `${Math.min(900, 110 + (node.clientWidth < 560 ? 38 : 30) * model.importance.features.length)}px`;
    add("chart-importance", importance);
  }
})();
