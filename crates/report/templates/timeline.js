// What the charts of one backtest share: the range in view, the shades of periods and regimes, room for legends.
(() => {
  const { data, plain, color, faded, axis, chart, room, tall, letters } = walkfolio;
  const { series, regimes, states } = data;
  const dates = series.dates;
  if (dates.length === 0) return;
  const whole = [dates[0], dates[dates.length - 1]];
  const view = { range: whole };
  const charts = [];
  // The regime whose states are shaded: the first one, where the study has no periods of its own.
  let chosen = states && regimes.length === 0 ? 0 : -1;
  const day = (text) => Date.parse(String(text).slice(0, 10));
  // Nothing here is finer than a day.
  const days = () => {
    const shown = (day(view.range[1]) - day(view.range[0])) / 864e5;
    return shown < 10 ? { dtick: 864e5 * Math.ceil((shown + 1) / 6), tick0: view.range[0], tickformat: "%-d %b\n%Y", automargin: true } : {};
  };
  const time = (more) => axis({ type: "date", range: view.range, fixedrange: false, hoverformat: "%-d %b %Y", showgrid: false, ...days(), ...more });

  // Limits of the values in view, with some air.
  function limits(lines, log) {
    let [low, high] = [Infinity, -Infinity];
    const [from, to] = view.range.map((end) => String(end).slice(0, 10));
    dates.forEach((date, row) => {
      if (date < from || date > to) return;
      for (const line of lines) {
        const value = line[row];
        if (value === null || (log && value <= 0)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    });
    if (low > high) return undefined;
    if (log) [low, high] = [Math.log10(low), Math.log10(high)];
    const air = 0.05 * (high - low) || 0.05;
    return [low - air, high + air];
  }

  // Shades of the regimes, and their names in as few lanes above the chart as they need.
  function shades(width) {
    const [from, to] = view.range.map(day);
    const right = [];
    const shapes = [];
    const annotations = [];
    regimes.forEach((regime, index) => {
      const [first, last] = [day(regime.first), day(regime.last)];
      shapes.push({
        type: "rect", layer: "below", yref: "paper", y0: 0, y1: 1, line: { width: 0 },
        x0: regime.first, x1: new Date(last + 864e5).toISOString().slice(0, 10),
        fillcolor: color(index % 2 ? "band-b" : "band-a"),
      });
      if (last < from || first > to) return;
      const size = letters(6.4) * regime.name.length + 10;
      const left = Math.max(0, Math.min(((first - from) / (to - from)) * width, width - size));
      let lane = right.findIndex((end) => end <= left);
      if (lane < 0) lane = right.length;
      right[lane] = left + size;
      annotations.push({
        text: plain(regime.name), showarrow: false, xref: "paper", x: left / width, xanchor: "left", xshift: 2,
        yref: "paper", y: 1, yanchor: "bottom", yshift: 1 + letters(15) * lane, font: { size: letters(11), color: color("muted") },
      });
    });
    return { shapes: shapes.concat(spells()), annotations, lanes: right.length };
  }

  // The times in which the chosen regime is not in its first state, the darker the later the state.
  function spells() {
    const regime = states?.[chosen];
    if (!regime) return [];
    return regime.spells.filter(([state]) => state > 0).map(([state, first, last]) => ({
      type: "rect", layer: "below", yref: "paper", y0: 0, y1: 1, line: { width: 0 },
      x0: first, x1: new Date(day(last) + 864e5).toISOString().slice(0, 10),
      fillcolor: faded(color("grave"), (0.16 * state) / (regime.states.length - 1)),
    }));
  }
  function shade(regime) {
    chosen = regime;
    charts.forEach(({ draw }) => draw());
  }

  function line(name, values, more) {
    return { type: "scatter", mode: "lines", name: plain(name), x: dates, y: values, connectgaps: false, ...more };
  }

  // The scale of a map, below its axis.
  const legendBar = { orientation: "h", thickness: 10, len: 0.5, x: 0, xanchor: "left", y: 0, yref: "container", yanchor: "bottom", outlinewidth: 0 };

  // Room for the rows of a legend below the axis; one that has groups flows, others stand in columns.
  function below(node, names, flows) {
    const free = room(node) - 72;
    const size = (name) => letters(7) * name.length + 50;
    const widest = Math.max(...names.map(size), 1);
    let [rows, used] = [1, 0];
    for (const name of names) {
      const width = flows ? size(name) : widest;
      if (used > 0 && used + width > free) [rows, used] = [rows + 1, 0];
      used += width;
    }
    return letters(42 + (flows ? 29 : 24) * rows);
  }

  // A line of wealth as it would be if it had begun with the range in view.
  function rebased(values, start) {
    const from = String(view.range[0]).slice(0, 10);
    if (from <= dates[0]) return values;
    const row = dates.findIndex((date) => date >= from);
    const base = row > 0 ? values[row - 1] ?? values[row] : null;
    return base ? values.map((value) => (value === null ? null : (start * value) / base)) : values;
  }

  // Names and last values at the ends of lines, apart from each other, and the room that they take.
  function ends(node, lines, range, log, [bottom, top] = [0, 1], yaxis = "y") {
    const height = 0.85 * (top - bottom) * tall(node);
    const to = String(view.range[1]).slice(0, 10);
    const last = dates.findLastIndex((date) => date <= to);
    const shown = lines.map((one) => {
      const row = one.values.slice(0, last + 1).findLastIndex((value) => value !== null);
      return { ...one, value: row < 0 ? null : one.values[row] };
    }).filter(({ value }) => value !== null);
    if (!range || shown.length === 0) return { room: 12, annotations: [] };
    const place = ({ value }) => (log ? Math.log10(value) : value);
    const scale = height / (range[1] - range[0] || 1);
    shown.sort((a, b) => place(a) - place(b));
    // Apart from each other from the lowest up, then down again from what would be above the chart.
    const apart = letters(31);
    const wanted = shown.map((one) => (place(one) - range[0]) * scale);
    const set = [...wanted];
    for (let at = 1; at < set.length; at += 1) set[at] = Math.max(set[at], set[at - 1] + apart);
    for (let [at, roof] = [set.length - 1, height - 6]; at >= 0; at -= 1, roof -= apart) set[at] = Math.min(set[at], roof);
    const annotations = shown.map((one, index) => ({
        text: `<b>${plain(clipped(one.name))}</b><br>${one.shown(one.value)}`, showarrow: false, align: "left", xref: "paper", x: 1, xanchor: "left", xshift: 6,
        yref: yaxis, y: place(one), yanchor: "middle", yshift: set[index] - wanted[index], font: { size: letters(12), color: one.color },
    }));
    const widest = letters(Math.max(...shown.map((one) => Math.max(clipped(one.name).length * 7.4, one.shown(one.value).length * 7))));
    return { room: Math.min(16 + widest, 0.3 * room(node)), annotations };
  }
  const clipped = (name) => (String(name).length > 16 ? `${String(name).slice(0, 15)}…` : String(name));

  function press(attribute, value) {
    document.querySelectorAll(`[data-${attribute}]`).forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset[attribute] === value));
    });
  }
  function show(range) {
    view.range = range;
    charts.forEach(({ draw }) => draw());
  }

  // Draws a chart whose range moves with that of all others.
  function add(id, figure) {
    const made = chart(id, figure);
    if (!made) return null;
    charts.push(made);
    made.node.on("plotly_relayout", (change) => {
      const range = change["xaxis.range"] || [change["xaxis.range[0]"], change["xaxis.range[1]"]];
      if (change["xaxis.autorange"] || String(range) === String(whole)) {
        press("years", "all");
        show(whole);
      } else if (range[0] !== undefined) {
        press("years", "");
        show(range);
      }
    });
    return made;
  }
  walkfolio.timeline = { add, time, below, legendBar, shades, shade, shaded: () => chosen, line, limits, press, day, rebased, ends };

  const years = (day(whole[1]) - day(whole[0])) / (365.25 * 864e5);
  document.querySelectorAll("[data-years]").forEach((button) => {
    const asked = Number(button.dataset.years);
    if (asked >= years) button.disabled = button.hidden = true;
    button.addEventListener("click", () => {
      const start = new Date(day(whole[1]) - asked * 365.25 * 864e5);
      press("years", button.dataset.years);
      show(Number.isNaN(asked) ? whole : [start.toISOString().slice(0, 10), whole[1]]);
    });
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    setTimeout(() => charts.forEach(({ draw }) => draw()), 150);
  });
})();
