//! A benchmark that is made of several price series.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Date, Prices, Ticker, Universe};

use crate::{Error, Result};

/// The level at which a blend begins.
const BASE: f64 = 100.0;

/// When the parts of a blend are brought back to their weights, without cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rebalanced {
    /// At the close before the first session of each calendar month.
    #[default]
    Month,
    /// At every close: the return is the weighted sum of the returns.
    Day,
    /// Bought at the first close on which all parts have a price, and held.
    Never,
}

/// Weights of price series that together are a benchmark.
///
/// # Shape and units
/// Weights are fractions above 0 that sum to 1.
/// # Timing
/// The weights of a month earn from its first session on, as those of a decision there do. Nothing after a
/// session is in its level.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Prices, Ticker, Universe};
/// use walkfolio_data::{Blend, Rebalanced};
///
/// let parts = vec![(Ticker::new("AGG")?, 0.4), (Ticker::new("SPY")?, 0.6)];
/// let blend = Blend::new(parts, Rebalanced::Day);
/// assert_eq!(blend.name().as_str(), "60 % SPY, 40 % AGG");
///
/// let dates = vec![Date::constant(2024, 1, 2), Date::constant(2024, 1, 3)];
/// let columns = vec![vec![Some(50.0), Some(55.0)], vec![Some(10.0), Some(10.0)]];
/// let prices = Prices::new(dates, Universe::new(["SPY", "AGG"])?, columns)?;
/// // 60 % of 10 %.
/// assert!((blend.prices(&prices)?.value(1, 0).unwrap() - 106.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Blend {
    parts: Vec<(Ticker, f64)>,
    rebalanced: Rebalanced,
}

impl Blend {
    /// The largest weight first.
    pub fn new(mut parts: Vec<(Ticker, f64)>, rebalanced: Rebalanced) -> Self {
        parts.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Self { parts, rebalanced }
    }

    /// The series that it is made of.
    pub fn tickers(&self) -> impl Iterator<Item = &Ticker> {
        self.parts.iter().map(|(ticker, _)| ticker)
    }

    /// Its name: `60 % SPY, 40 % AGG`.
    pub fn name(&self) -> Ticker {
        Ticker::of_blend(&self.parts)
    }

    /// Its level over the sessions on which all parts have a price, 100 on the first of them.
    ///
    /// # Errors
    /// [`Error::NoBlend`] unless there are two such sessions; an unknown part.
    pub fn prices(&self, prices: &Prices) -> Result<Prices> {
        let none = || Error::NoBlend { blend: self.name() };
        let place = |ticker: &Ticker| prices.universe().position(ticker.as_str());
        let own: Vec<(usize, f64)> = self
            .parts
            .iter()
            .filter_map(|(ticker, weight)| Some((place(ticker)?, *weight)))
            .collect();
        let listings = || own.iter().map(|(at, _)| prices.listing(*at));
        let start = listings().map(|listing| listing.start).max().unwrap_or_default();
        let end = listings().map(|listing| listing.end).min().unwrap_or_default();
        if own.len() < self.parts.len() || end < start + 2 {
            return Err(none());
        }
        let dates = prices.dates();
        let mut column = vec![None; dates.len()];
        let mut values: Vec<f64> = own.iter().map(|(_, weight)| BASE * weight).collect();
        column[start] = Some(BASE);
        let mut level = BASE;
        for row in start + 1..end {
            if self.is_due(dates[row - 1], dates[row]) {
                values = own.iter().map(|(_, weight)| level * weight).collect();
            }
            for (value, (at, _)) in values.iter_mut().zip(&own) {
                let (before, now) = (prices.value(row - 1, *at), prices.value(row, *at));
                *value *= now.ok_or_else(none)? / before.ok_or_else(none)?;
            }
            level = values.iter().sum();
            column[row] = Some(level);
        }
        let universe = Universe::from_tickers(vec![self.name()])?;
        Ok(Prices::from_columns(dates.to_vec(), universe, [column.into_iter()])?)
    }

    /// Whether weights are restored at the close before a session.
    fn is_due(&self, before: Date, date: Date) -> bool {
        match self.rebalanced {
            Rebalanced::Month => before.first_of_month() != date.first_of_month(),
            Rebalanced::Day => true,
            Rebalanced::Never => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blended(rebalanced: Rebalanced) -> Vec<Option<f64>> {
        let dates = [(1, 30), (1, 31), (2, 1), (2, 2), (2, 5)];
        let dates = dates.map(|(month, day)| Date::constant(2024, month, day)).to_vec();
        let a = [None, Some(10.0), Some(12.0), Some(15.0), Some(12.0)].to_vec();
        let b = [Some(5.0), Some(5.0), Some(4.0), Some(5.0), None].to_vec();
        let prices = Prices::new(dates, Universe::new(["A", "B"]).unwrap(), vec![a, b]).unwrap();
        let ticker = |name| Ticker::new(name).unwrap();
        let blend = Blend::new(vec![(ticker("A"), 0.75), (ticker("B"), 0.25)], rebalanced);
        let prices = blend.prices(&prices).unwrap();
        (0..5).map(|row| prices.value(row, 0)).collect()
    }

    /// By hand: A returns 20 % and 25 %, B -20 % and 25 %.
    #[test]
    fn levels_are_those_of_the_weights() {
        for (rebalanced, last) in [
            (Rebalanced::Day, 110.0 * (1.0 + 0.75 * 0.25 + 0.25 * 0.25)),
            (Rebalanced::Month, 90.0 * 1.25 + 20.0 * 1.25),
            (Rebalanced::Never, 112.5 + 25.0),
        ] {
            let found = blended(rebalanced);
            assert_eq!((found[0], found[1], found[4]), (None, Some(100.0), None));
            assert!((found[2].unwrap() - 110.0).abs() < 1e-12);
            assert!((found[3].unwrap() - last).abs() < 1e-12, "{rebalanced:?}");
        }
    }

    #[test]
    fn drift_and_dates_of_resets_matter() {
        let dates = [(1, 30), (1, 31), (2, 1)];
        let dates = dates.map(|(month, day)| Date::constant(2024, month, day)).to_vec();
        let columns =
            vec![[10.0, 20.0, 30.0].map(Some).to_vec(), [10.0, 10.0, 10.0].map(Some).to_vec()];
        let prices = Prices::new(dates, Universe::new(["A", "B"]).unwrap(), columns).unwrap();
        let ticker = |name| Ticker::new(name).unwrap();
        let last = |rebalanced| {
            let blend = Blend::new(vec![(ticker("A"), 0.5), (ticker("B"), 0.5)], rebalanced);
            blend.prices(&prices).unwrap().value(2, 0).unwrap()
        };
        // 150 after the first session; A rises by half: 75 of 100, or half of 150.
        assert!((last(Rebalanced::Never) - 200.0).abs() < 1e-12);
        assert!((last(Rebalanced::Month) - 187.5).abs() < 1e-12);
        assert!((last(Rebalanced::Day) - 187.5).abs() < 1e-12);
    }
}
