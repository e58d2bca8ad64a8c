//! How decisions are executed.

use crate::costs::LinearCost;

/// What happens to weights between rebalances.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # struct All;
/// # impl Policy for All {
/// #     fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
/// #         Ok(Decision::of(Weights::new(vec![0.5])?))
/// #     }
/// #     fn need(&self) -> Need {
/// #         Need { rows: 1, history_months: None }
/// #     }
/// # }
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = vec![[50.0, 50.0, 100.0, 200.0].map(Some).to_vec()];
/// # let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?;
/// use walkfolio_backtest::{Backtest, Drift};
///
/// // Half in an asset that doubles twice, half in cash; one decision, at row 2.
/// let once = Schedule { every: Every::Sessions(2), first: None, last: None };
/// let earned = |drift| Backtest::new(&market).schedule(once.clone()).drift(drift).run(&All);
/// assert_eq!(earned(Drift::ConstantWeights)?.simulation.net, [0.5, 0.5]);
/// // The asset is two thirds of equity after the first session.
/// assert!((earned(Drift::BuyAndHold)?.simulation.net[1] - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drift {
    /// Holdings are left alone: `V_j = w_j prod(1 + r_j)`.
    BuyAndHold,
    /// Weights are restored at every close, at no cost: `r_p = w'r`.
    ConstantWeights,
}

/// How decisions are executed: at which close, at what cost, and what happens in between.
///
/// # Timing
/// A decision at row `t` reads rows before `t`. It is traded at the close of row
/// `t - 1 + lag_rows`, and its weights earn from row `t + lag_rows` on.
/// # Examples
/// ```
/// use walkfolio_backtest::{Drift, Execution, LinearCost};
///
/// // Traded at the last known close, for free, and held without a trade until the next decision.
/// let plain = Execution::default();
/// assert_eq!((plain.drift, plain.lag_rows), (Drift::BuyAndHold, 0));
/// assert_eq!(plain.cost, LinearCost::free());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Execution {
    /// What happens between rebalances.
    pub drift: Drift,
    /// How many closes later than the one before the decision's session is traded.
    pub lag_rows: usize,
    /// What trading costs.
    pub cost: LinearCost,
}

impl Default for Execution {
    /// Buy and hold, no lag, no cost.
    fn default() -> Self {
        Self { drift: Drift::BuyAndHold, lag_rows: 0, cost: LinearCost::free() }
    }
}
