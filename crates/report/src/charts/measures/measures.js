// The period of the measures.
(() => {
  const select = document.getElementById("measures-period");
  const choose = () => document.querySelectorAll("#measures .period").forEach((period) => {
    period.classList.toggle("unchosen", period.dataset.period !== select.value);
  });
  if (select) {
    choose();
    select.addEventListener("change", choose);
  }
})();
