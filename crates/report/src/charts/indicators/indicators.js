// The period of the indicators.
(() => {
  const select = document.getElementById("indicators-period");
  const choose = () => document.querySelectorAll("#indicators .period").forEach((period) => {
    period.classList.toggle("unchosen", period.dataset.period !== select.value);
  });
  if (select) {
    choose();
    select.addEventListener("change", choose);
  }
})();
