// The sortable table of a grid.
(() => {
  const table = document.getElementById("cells-table");
  // What is sorted by is what is read: numbers without their spaces and units, a dash is nothing.
  const order = (row, column) => (row.cells[column]?.textContent ?? "").trim()
    .replace(/[\u202f,%]/g, "").replace("\u2212", "-").replace(/^–$/, "");
  function compare(a, b) {
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
    const difference = Number(a) - Number(b);
    return Number.isNaN(difference) ? a.localeCompare(b) : difference;
  }
  // A server has a page for each backtest.
  const place = document.body.dataset.cells;
  if (place) {
    [...table.tBodies[0].rows].forEach((row, index) => {
      const link = document.createElement("a");
      link.href = place + (index + 1);
      link.append(...row.cells[0].childNodes);
      row.cells[0].append(link);
    });
  }
  table.querySelectorAll("thead th").forEach((heading, column) => {
    heading.querySelector("button").addEventListener("click", () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("thead th").forEach((other) => other.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const rows = [...body.rows].sort((first, second) => {
        const [a, b] = [order(first, column), order(second, column)];
        // What has no value stays at the end, whichever way the rest is sorted.
        return a === "" || b === "" || up ? compare(a, b) : compare(b, a);
      });
      body.append(...rows);
    });
  });
})();
