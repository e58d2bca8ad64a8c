// Which of the calendars is shown.
(() => {
  const buttons = document.querySelectorAll("[data-calendar]");
  buttons.forEach((button) => button.addEventListener("click", () => {
    buttons.forEach((other) => other.setAttribute("aria-pressed", String(other === button)));
    document.querySelectorAll("#calendar [data-table]").forEach((table) => table.classList.toggle("unchosen", table.dataset.table !== button.dataset.calendar));
  }));
})();
