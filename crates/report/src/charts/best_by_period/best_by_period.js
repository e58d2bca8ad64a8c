// The periods of the best estimators.
(() => {
  const period = document.getElementById("best_by_period-period");
  const choose = () => document.querySelectorAll("#best_by_period tbody tr").forEach((row) => {
    row.hidden = period.value !== "" && row.dataset.period !== period.value;
  });
  if (period) {
    choose();
    period.addEventListener("change", choose);
  }
})();
