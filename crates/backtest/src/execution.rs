//! How decisions are executed.

use crate::costs::LinearCost;

/// What happens to weights between rebalances.
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
