// The periods of the best estimators.
(() => {
  const period = document.getElementById("winners-period");
  const choose = () => document.querySelectorAll("#winners tbody tr").forEach((row) => {
    row.hidden = period.value !== "" && row.dataset.period !== period.value;
  });
  if (period) {
    choose();
    period.addEventListener("change", choose);
  }
})();
