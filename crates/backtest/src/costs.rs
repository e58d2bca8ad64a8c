//! What trading costs.

/// A cost in proportion to what is traded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearCost {
    /// Basis points of the traded value, per side.
    pub per_side_bps: f64,
    /// Whether the first purchase is charged, and counted as turnover.
    pub first_purchase: FirstPurchase,
}

/// How the first purchase of a backtest is treated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstPurchase {
    /// It is free and is no turnover: the portfolio is taken as already held.
    Free,
    /// It is charged and counted like any other trade.
    Charged,
}

impl LinearCost {
    /// The fraction of equity that a rebalance costs: `bps * 1e-4 * sum |w_target - w_drifted|`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_backtest::{FirstPurchase, LinearCost};
    /// let cost = LinearCost { per_side_bps: 5.0, first_purchase: FirstPurchase::Free };
    /// assert_eq!(cost.of(1.0), 0.0005);
    /// ```
    pub fn of(&self, traded: f64) -> f64 {
        self.per_side_bps * 1e-4 * traded
    }
}
