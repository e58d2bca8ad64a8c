//! How decisions are executed.

use walkfolio_core::{Market, MarketImpact, Row, TradingCost, Weights};

use crate::Result;
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
    /// What trades cost besides, by their impact on prices. What has ended is paid out and has none.
    pub impact: Option<MarketImpact>,
}

impl Default for Execution {
    /// Buy and hold, no lag, no cost.
    fn default() -> Self {
        let (drift, cost) = (Drift::BuyAndHold, LinearCost::free());
        Self { drift, lag_rows: 0, cost, impact: None }
    }
}

impl Execution {
    /// The fraction of equity that a trade costs, from what is held to a target at the close before a row.
    ///
    /// # Errors
    /// Those of [`MarketImpact::rate`], of an asset that is traded.
    /// # Examples
    /// ```
    /// use walkfolio_backtest::{Execution, InitialTrade, LinearCost};
    /// use walkfolio_core::{Date, Market, Prices, Universe, Weights};
    ///
    /// let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
    /// let prices = Prices::new(dates, Universe::new(["A", "B"])?, vec![vec![Some(1.0); 2]; 2])?;
    /// let market = Market::new(prices)?;
    /// let cost = LinearCost { per_side_bps: 10.0, initial_trade: InitialTrade::Free };
    /// let execution = Execution { cost, ..Execution::default() };
    /// let (from, to) = (Weights::new(vec![0.75, 0.25])?, Weights::new(vec![0.5, 0.5])?);
    /// assert_eq!(execution.charged((&market, 1), (&to, &from))?, 0.0005);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn charged(
        &self,
        (market, row): (&Market, Row),
        (target, drifted): (&Weights, &Weights),
    ) -> Result<f64> {
        let pairs = target.values().iter().zip(drifted.values());
        let trades = pairs.map(|(target, drifted)| target - drifted);
        let linear = self.cost.of(trades.clone().map(f64::abs).sum());
        let Some(impact) = &self.impact else { return Ok(linear) };
        let mut moved = 0.0;
        for (asset, trade) in trades.enumerate().filter(|(_, trade)| *trade != 0.0) {
            let impact = rate(impact, (market, row), asset)?;
            moved += TradingCost { linear: 0.0, impact }.of(trade);
        }
        Ok(linear + moved)
    }

    /// What the impact of a trade costs in an account: a trade at the close before a row that is worth `v` so many times
    /// `v^1.5`, in currency. 0 without an impact.
    ///
    /// # Errors
    /// As [`Execution::charged`].
    /// # Examples
    /// ```
    /// use walkfolio_backtest::Execution;
    /// use walkfolio_core::{Date, Market, MarketImpact, Prices, Signal, Universe};
    ///
    /// let dates: Vec<Date> = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
    /// let prices = vec![[50.0, 51.0, 51.0, 51.0].map(Some).to_vec()];
    /// let traded = dates.iter().map(|date| (*date, 1e6)).collect();
    /// let market = Market::new(Prices::new(dates, Universe::new(["XLE"])?, prices)?)?
    ///     .with_signal(Signal::new(MarketImpact::TRADED_VALUE, vec![traded])?)?;
    /// let impact = MarketImpact {
    ///     coefficient: 1.0,
    ///     portfolio_value: 1e8,
    ///     volatility_window: 2,
    ///     volume_window: 2,
    /// };
    /// let execution = Execution { impact: Some(impact), ..Execution::default() };
    /// // Returns of 2 % and 0, and a million a day: whatever a portfolio is worth.
    /// let rate = execution.impact_in_currency((&market, 3), 0)?;
    /// assert!((rate - 0.02 / 2f64.sqrt() / 1e3).abs() < 1e-18);
    /// assert_eq!(Execution::default().impact_in_currency((&market, 3), 0)?, 0.0);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn impact_in_currency(&self, (market, row): (&Market, Row), asset: usize) -> Result<f64> {
        self.impact.map_or(Ok(0.0), |own| rate(&own.in_currency(), (market, row), asset))
    }
}

/// The impact of a trade at the close before a row; what has ended is paid out and has none.
fn rate(impact: &MarketImpact, (market, row): (&Market, Row), asset: usize) -> Result<f64> {
    if market.returns().listing(asset).end < row {
        return Ok(0.0);
    }
    Ok(impact.rate(&market.before(row)?, asset)?)
}
