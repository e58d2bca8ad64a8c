"use strict";
// What all pages share: the data, the theme, and charts that follow it.
const walkfolio = (() => {
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const config = {
    displaylogo: false,
    displayModeBar: matchMedia("(pointer: coarse)").matches ? false : "hover",
    responsive: true,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "toImage"],
  };
  const charts = [];
  let printing = false;

  // Names come from users; Plotly reads some tags in texts.
  const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  function color(name) {
    probe.style.color = `var(--${name})`;
    return getComputedStyle(probe).color;
  }
  const faded = (rgb, alpha) => rgb.replace(/^rgb\(([^)]*)\)$/, `rgba($1, ${alpha})`);
  const palette = () => Array.from({ length: 12 }, (_, index) => color(`c${index}`));

  function isDark() {
    const set = root.dataset.theme;
    return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  function axis(more) {
    const [grid, rule] = [color("grid"), color("rule")];
    return { gridcolor: grid, linecolor: rule, zerolinecolor: rule, zerolinewidth: 1, fixedrange: true, ...more };
  }

  function layout(more) {
    const text = color("text");
    return {
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: color("muted") },
      margin: { l: 64, r: 8, t: 14, b: 36 },
      hovermode: "x unified",
      hoverlabel: { bgcolor: color("raised"), bordercolor: color("rule"), font: { color: text } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: color("rule"), activecolor: color("accent") },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", font: { color: text } },
      dragmode: matchMedia("(pointer: coarse)").matches ? false : "zoom",
      ...more,
    };
  }

  // `figure()` gives { traces, layout } in the colours of the moment.
  function chart(id, figure) {
    const node = document.getElementById(id);
    if (!node) return null;
    const height = getComputedStyle(node).height;
    const draw = () => {
      const { traces, layout: wanted } = figure(node);
      // A figure that sets its own height has thought of paper.
      if (printing) Object.assign(wanted, { width: 690, height: wanted.height ?? Math.round(0.76 * parseFloat(height)) });
      return Plotly.react(node, traces, wanted, config);
    };
    charts.push(draw);
    draw();
    exported(node);
    return { node, draw };
  }

  // A picture of a chart as it is seen, on the colour of the page: PNG twice as fine, or SVG.
  function picture(node, format) {
    const [width, height] = [node.clientWidth, node.clientHeight];
    const back = { paper_bgcolor: color("page"), plot_bgcolor: color("page") };
    const wanted = { data: node.data, layout: { ...node.layout, ...back, width, height }, config: { displayModeBar: false } };
    return Plotly.toImage(wanted, { format, width, height, scale: format === "png" ? 2 : 1 });
  }
  function exported(node) {
    const name = `${data.study}-${node.id.replace("chart-", "")}`.replace(/[^\w.-]+/g, "_");
    const bar = document.createElement("div");
    bar.className = "export";
    for (const format of ["png", "svg"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = format.toUpperCase();
      button.setAttribute("aria-label", `Save this chart as ${format.toUpperCase()}`);
      button.addEventListener("click", async () => {
        const link = document.createElement("a");
        link.href = await picture(node, format);
        link.download = `${name}.${format}`;
        link.click();
      });
      bar.append(button);
    }
    node.after(bar);
  }
  // The width that a chart will have, on paper too.
  const room = (node) => (printing ? 690 : node.clientWidth);
  const onPaper = () => printing;
  const redraw = () => charts.forEach((draw) => draw());

  function label() {
    const button = document.getElementById("theme");
    if (button) button.querySelector("span").textContent = isDark() ? "Light" : "Dark";
  }
  function theme(name) {
    if (name) root.dataset.theme = name;
    label();
    redraw();
  }
  function paper(on) {
    if (printing === on) return;
    printing = on;
    const before = root.dataset.theme;
    if (on) {
      root.dataset.printed = before || "";
      root.dataset.theme = "light";
    } else if (root.dataset.printed) {
      root.dataset.theme = root.dataset.printed;
    } else {
      delete root.dataset.theme;
    }
    redraw();
    if (!on) document.querySelectorAll(".chart").forEach((node) => Plotly.Plots.resize(node));
  }

  root.classList.add("scripted");
  if (location.hash === "#dark" || location.hash === "#light") root.dataset.theme = location.hash.slice(1);
  label();
  document.getElementById("theme")?.addEventListener("click", () => theme(isDark() ? "light" : "dark"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => theme());
  addEventListener("beforeprint", () => paper(true));
  addEventListener("afterprint", () => paper(false));

  return { data, plain, color, faded, palette, axis, layout, chart, picture, room, onPaper };
})();
