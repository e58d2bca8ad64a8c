//! What trading costs.

use walkfolio_core::TradingCost;

/// A cost in proportion to what is traded.
///
/// # Examples
/// See [`LinearCost::of`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearCost {
    /// Basis points of the traded value, per side.
    pub per_side_bps: f64,
    /// Whether the initial trade is charged, and counted as turnover.
    pub initial_trade: InitialTrade,
}

/// How the initial trade of a backtest, from cash into the first portfolio, is treated.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # struct All;
/// # impl Policy for All {
/// #     fn decide(&self, _past: &Past<'_>, _view: View<'_>) -> Result<Decision> {
/// #         Ok(Decision::of(Weights::new(vec![1.0])?))
/// #     }
/// #     fn need(&self) -> Need {
/// #         Need { rows: 1, history_months: None }
/// #     }
/// # }
/// # let dates = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = vec![[50.0, 50.0, 75.0, 75.0].map(Some).to_vec()];
/// # let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?;
/// use walkfolio_backtest::{Backtest, InitialTrade, LinearCost};
///
/// let daily = Schedule { every: Every::Sessions(1), first: None, last: None };
/// let cost = |initial_trade| LinearCost { per_side_bps: 10.0, initial_trade };
/// let paid = |initial| Backtest::new(&market).schedule(daily.clone()).costs(cost(initial)).run(&All);
/// assert_eq!(paid(InitialTrade::Free)?.simulation.cost[0], 0.0);
/// assert_eq!(paid(InitialTrade::Charged)?.simulation.cost[0], 0.001);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InitialTrade {
    /// It is free and is no turnover: the portfolio is taken as already held.
    Free,
    /// It is charged and counted like any other trade.
    Charged,
}

impl LinearCost {
    /// Trading that costs nothing.
    pub fn free() -> Self {
        Self { per_side_bps: 0.0, initial_trade: InitialTrade::Free }
    }

    /// The fraction of equity that a rebalance costs: `bps * 1e-4 * sum |w_target - w_drifted|`.
    ///
    /// # Shape and units
    /// `traded` is `sum |w_target - w_drifted|`, both sides, as a fraction of equity; so is the
    /// result.
    /// # Source
    /// Boyd et al. (2017), Multi-Period Trading via Convex Optimization, sec. 2.3, linear part.
    /// # Examples
    /// ```
    /// use walkfolio_backtest::{InitialTrade, LinearCost};
    ///
    /// let cost = LinearCost { per_side_bps: 5.0, initial_trade: InitialTrade::Free };
    /// assert_eq!(cost.of(1.0), 0.0005);
    /// ```
    pub fn of(&self, traded: f64) -> f64 {
        TradingCost::linear(self.per_side_bps * 1e-4).of(traded)
    }
}
