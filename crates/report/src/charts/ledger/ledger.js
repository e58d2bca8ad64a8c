// The ledger as a table that can be searched, events that the page does not list included.
(() => {
  const { ledger } = walkfolio.data;
  const search = document.getElementById("ledger-search");
  const kind = document.getElementById("ledger-kind");
  const found = document.getElementById("ledger-found");
  const table = document.getElementById("ledger-table");
  if (!ledger || !search || !table) return;
  const most = 500;
  const event = ([date, of, message]) => ({ date: date ?? "whole run", kind: ledger.kinds[of], message: ledger.messages[message] });
  const all = ledger.events.map(event);
  const texts = all.map((row) => `${row.date} ${row.kind} ${row.message}`.toLowerCase());
  function cell(text, name) {
    const made = document.createElement("td");
    if (name) made.className = name;
    made.append(text);
    return made;
  }
  function row({ date, kind: of, message }) {
    const made = document.createElement("tr");
    const badge = document.createElement("span");
    badge.className = `kind ${of}`;
    badge.textContent = of;
    made.append(cell(date, "date"), cell(badge), cell(message));
    return made;
  }
  function show() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = (place) => (kind.value ? all[place].kind === kind.value : all[place].kind !== "solve")
      && words.every((word) => texts[place].includes(word));
    const places = all.map((_, place) => place).filter(wanted);
    table.tBodies[0].replaceChildren(...places.slice(0, most).map((place) => row(all[place])));
    const more = places.length > most ? `, the first ${most} shown` : "";
    found.textContent = `${places.length} event${places.length === 1 ? "" : "s"}${more}`;
  }
  search.addEventListener("input", show);
  kind.addEventListener("change", show);
})();
// What the solves took, and how far their answers may be from the best.
(() => {
  const { data, color, faded, decades, layout, timeline } = walkfolio;
  const { solves } = data;
  if (!solves || !timeline) return;
  const { add, time } = timeline;
  add("chart-solves", () => {
    const gapped = solves.gaps.some((gap) => gap > 0);
    const dots = (y, key, more) => ({
      type: "scatter", mode: "markers", x: solves.dates, y, text: solves.by.map((place) => solves.methods[place]), showlegend: false,
      marker: { size: solves.dates.length > 300 ? 3 : 5, color: faded(color(key), 0.75) }, ...more,
    });
    const traces = [dots(solves.micros.map((micros) => (micros > 0 ? micros / 1000 : null)), "portfolio", { hovertemplate: "%{y:.3f} ms, %{text}<extra></extra>" })];
    if (gapped) {
      traces.push(dots(solves.gaps.map((gap) => (gap > 0 ? gap : null)), "benchmark", { yaxis: "y2", hovertemplate: "relative gap %{y:.1e}<extra></extra>" }));
    }
    return {
      traces,
      layout: layout({
        hoversubplots: "axis",
        xaxis: time(gapped ? { anchor: "y2" } : {}),
        yaxis: decades(solves.micros.map((micros) => micros / 1000), { domain: gapped ? [0.54, 1] : [0, 1], title: { text: "ms" }, tickformat: "~g" }),
        ...(gapped ? { yaxis2: decades(solves.gaps, { domain: [0, 0.46], title: { text: "relative gap" }, tickformat: ".0e" }) } : {}),
      }),
    };
  });
})();
