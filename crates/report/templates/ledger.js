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
