//! How far trades of an asset move its price, from what is known before them.

use crate::{Error, Past, Result, TradingCost};

/// The impact of trades on prices: `a sigma sqrt(V / ADV)` of each asset, by what is known before a trade.
///
/// `sigma` is the standard deviation of the last returns (`ddof` 1) and `ADV` the mean of the values that were traded in the
/// last sessions, of those that are stated. [`TradingCost`] says what a trade costs with it.
///
/// # Shape and units
/// `coefficient` has no unit; `portfolio_value` is in the currency of the traded values, and stays the same through a
/// backtest; windows are daily sessions.
/// # Timing
/// A trade at the close before row `t` knows the rows `0..t`, as a decision at row `t` does.
/// # Source
/// Almgren, Thum, Hauptmann & Li (2005), Direct estimation of equity market impact; Boyd et al. (2017), Multi-Period Trading
/// via Convex Optimization, eq. 2.3.
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// # let dates: Vec<Date> = (1..=4).map(|day| Date::constant(2024, 7, day)).collect();
/// # let prices = vec![[50.0, 51.0, 51.0, 51.0].map(Some).to_vec()];
/// # let market = Market::new(Prices::new(dates.clone(), Universe::new(["XLE"])?, prices)?)?;
/// let traded = dates.iter().zip([1e6, 3e6, 1e6, 9e9]).map(|(date, value)| (*date, value));
/// let signal = Signal::new(MarketImpact::TRADED_VALUE, vec![traded.collect()])?;
/// let market = market.with_signal(signal)?;
/// let impact = MarketImpact {
///     coefficient: 1.0,
///     portfolio_value: 2e6,
///     volatility_window: 2,
///     volume_window: 2,
/// };
/// // Returns of 2 % and 0; a mean of 2 million a day.
/// let rate = impact.rate(&market.before(3)?, 0)?;
/// assert!((rate - 0.02 / 2f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MarketImpact {
    /// The coefficient `a`.
    pub coefficient: f64,
    /// The value of the portfolio, `V`.
    pub portfolio_value: f64,
    /// Returns of the volatility, at least 2.
    pub volatility_window: usize,
    /// Sessions of the mean traded value, at least 1.
    pub volume_window: usize,
}

impl MarketImpact {
    /// The name of the signal that holds what was traded of each asset, a value for each session.
    pub const TRADED_VALUE: &'static str = "traded value";

    /// The same for trades in currency, whatever a portfolio is worth: `a sigma sqrt(V / ADV) |v / V|^1.5 V` of a trade of
    /// the value `v` is `a sigma / sqrt(ADV) |v|^1.5`.
    ///
    /// # Examples
    /// ```
    /// use walkfolio_core::{MarketImpact, TradingCost};
    ///
    /// let of = |portfolio_value: f64| {
    ///     let impact = TradingCost::impact(1.0, 0.02, portfolio_value, 1e6)?;
    ///     Ok::<_, walkfolio_core::Error>(TradingCost { linear: 0.0, impact })
    /// };
    /// let impact = MarketImpact {
    ///     coefficient: 1.0,
    ///     portfolio_value: 4e6,
    ///     volatility_window: 60,
    ///     volume_window: 21,
    /// };
    /// // A quarter of 4 million, in fractions and in currency: 2 % of a million.
    /// let (fraction, money) = (of(4e6)?.of(0.25), of(impact.in_currency().portfolio_value)?.of(1e6));
    /// assert!((4e6 * fraction - 20_000.0).abs() < 1e-9 && (money - 20_000.0).abs() < 1e-9);
    /// # Ok::<(), walkfolio_core::Error>(())
    /// ```
    #[must_use]
    pub fn in_currency(self) -> Self {
        Self { portfolio_value: 1.0, ..self }
    }

    /// What trading all of the portfolio's value of an asset at once would cost, as a fraction of it.
    ///
    /// # Errors
    /// [`Error::TooShort`] if a window is not full, [`Error::NoTradedValue`] if nothing was traded in its window.
    pub fn rate(&self, past: &Past<'_>, asset: usize) -> Result<f64> {
        let returns = past.returns(&[asset], self.volatility_window)?;
        let volatility = standard_deviation(returns.values());
        let volume = self.volume(past, asset)?;
        TradingCost::impact(self.coefficient, volatility, self.portfolio_value, volume)
    }

    /// The mean value that was traded in a session of the window.
    fn volume(&self, past: &Past<'_>, asset: usize) -> Result<f64> {
        let known = past.signal_within(Self::TRADED_VALUE, asset, self.volume_window)?;
        let sum: f64 = known.iter().map(|(_, value)| value).sum();
        if sum > 0.0 {
            return Ok(sum / known.len() as f64);
        }
        Err(Error::NoTradedValue {
            asset: past.universe().tickers()[asset].clone(),
            date: past.decision_date(),
            sessions: self.volume_window,
        })
    }
}

/// With `ddof` 1.
fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Date, Market, Prices, Signal, Universe};

    fn market(values: &[(i8, f64)]) -> Market {
        let dates = (1..=6).map(|day| Date::constant(2024, 7, day)).collect();
        let prices = [50.0, 51.0, 50.0, 52.0, 51.0, 53.0].map(Some).to_vec();
        let market = Prices::new(dates, Universe::new(["XLE"]).unwrap(), vec![prices]);
        let own = values.iter().map(|(day, value)| (Date::constant(2024, 7, *day), *value));
        let signal = Signal::new(MarketImpact::TRADED_VALUE, vec![own.collect()]).unwrap();
        Market::new(market.unwrap()).unwrap().with_signal(signal).unwrap()
    }

    const IMPACT: MarketImpact = MarketImpact {
        coefficient: 1.0,
        portfolio_value: 1.0,
        volatility_window: 2,
        volume_window: 3,
    };

    #[test]
    fn sessions_without_a_value_are_left_out_of_the_mean() {
        let market = market(&[(1, 90.0), (2, 4.0), (4, 8.0), (5, 1e9)]);
        // Before July 5 the window is July 2 to 4.
        assert_eq!(IMPACT.volume(&market.before(4).unwrap(), 0).unwrap(), 6.0);
    }

    #[test]
    fn an_asset_that_was_not_traded_is_named() {
        let error = |values: &[(i8, f64)]| {
            let market = market(values);
            IMPACT.rate(&market.before(4).unwrap(), 0).unwrap_err()
        };
        let told = "XLE has no traded value in the 3 sessions before 2024-07-05, and the impact of its trades depends on one";
        for values in [&[(1, 5.0)][..], &[(2, 0.0), (3, 0.0)], &[(5, 7.0)]] {
            assert_eq!(error(values).to_string(), told);
        }
        assert!(error(&[(1, 5.0)]).hint().is_some());
    }
}
