//! Adjustment of closes by splits and dividends.

use std::collections::BTreeMap;

use walkfolio_core::Date;

use crate::series::{Basis, Dividend, Series, Split};
use crate::{Error, Result};

/// When a dividend is put back into the asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reinvested {
    /// At the close of the ex-date, as CRSP and Alpha Vantage do: the return is `(s P + d) / P' - 1`
    /// with `P'` the close before, and the step `P / (s P + d)`.
    ExClose,
    /// At the close before the ex-date, as Yahoo does: the step is `(1 - d / P') / s`.
    CloseBefore,
}

/// Backward factors: what each close is multiplied by to join today's prices without a jump.
///
/// The product over all later ex-dates of the step of [`Reinvested`], where `s` is the number of
/// new shares per old one and `d` the dividend per old share; 1 on the last session. Splits are
/// applied to raw closes only, and nothing to closes that contain the dividends or do not say what
/// they contain.
///
/// Against the vendors' own adjusted closes, both scaled to end at one price: at most 3.9e-7 on
/// Yahoo's MSFT (252 sessions, four dividends, [`Reinvested::CloseBefore`]; its closes are single
/// precision), 1.1e-5 on Alpha Vantage's EWJ (5314 sessions, 32 dividends, a one-for-four split,
/// [`Reinvested::ExClose`]). The two ways differ by `d^2 / P^2` an ex-date.
///
/// # Shape and units
/// `T` factors without a unit.
/// # Errors
/// [`Error::BadEvent`] for a split ratio that is not positive, or a dividend that is not smaller
/// than the close before it.
/// # Source
/// CRSP, Data Descriptions Guide, "Returns" and "Factor to adjust price"; Yahoo Finance, help page
/// SLN28256, "What is the adjusted close?", which states `1 - d / P'`.
pub fn factors(file: &str, series: &Series, reinvested: Reinvested) -> Result<Vec<f64>> {
    let mut events = BTreeMap::<Date, (f64, f64)>::new();
    if series.basis == Basis::Raw {
        for Split { date, ratio } in &series.splits {
            events.entry(*date).or_insert((1.0, 0.0)).0 *= ratio;
        }
    }
    if matches!(series.basis, Basis::Raw | Basis::SplitAdjusted) {
        for Dividend { date, amount } in &series.dividends {
            events.entry(*date).or_insert((1.0, 0.0)).1 += amount;
        }
    }
    let mut factors = vec![1.0; series.dates.len()];
    let mut factor = 1.0;
    let mut end = factors.len();
    for (date, (split, dividend)) in events.into_iter().rev() {
        let from = series.dates.partition_point(|session| *session < date);
        factors[from..end].fill(factor);
        end = from;
        let event = Event { date, split, dividend };
        factor *= step(file, series, from, event, reinvested)?;
    }
    factors[..end].fill(factor);
    Ok(factors)
}

impl Series {
    /// The prices that returns are earned on: the vendor's adjusted closes if it ships them, else
    /// closes adjusted by the events with [`factors`], each dividend put back on its ex-date.
    ///
    /// # Shape and units
    /// `T` prices in `currency`.
    /// # Errors
    /// [`Error::BadEvent`] for a split that is not positive or a dividend as large as the price.
    /// # Examples
    /// ```
    /// use walkfolio_core::Ticker;
    /// use walkfolio_data::layout::parse;
    ///
    /// // A four-for-one split on the second day: 100 before is 25 after.
    /// let text = "timestamp,close,dividend_amount,split_coefficient\n\
    ///     2024-01-02,100,0,1\n2024-01-03,26,0,4\n";
    /// let series = parse("X.csv", text.as_bytes(), None, &Ticker::new("X")?)?;
    /// assert_eq!(series[0].total_return("X.csv")?, [Some(25.0), Some(26.0)]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn total_return(&self, file: &str) -> Result<Vec<Option<f64>>> {
        if let Some(adjusted) = &self.adjusted {
            return Ok(adjusted.clone());
        }
        let factors = factors(file, self, Reinvested::ExClose)?;
        let pairs = self.close.iter().zip(factors);
        Ok(pairs.map(|(close, factor)| close.map(|close| close * factor)).collect())
    }
}

/// What happens on an ex-date.
#[derive(Clone, Copy)]
struct Event {
    date: Date,
    split: f64,
    dividend: f64,
}

/// The factor of one ex-date, whose first row is `from`; 1 for an event before the first close.
fn step(
    file: &str,
    series: &Series,
    from: usize,
    event: Event,
    reinvested: Reinvested,
) -> Result<f64> {
    let Event { date, split, dividend } = event;
    let Some(before) = (0..from).rev().find_map(|row| series.close.get(row)) else {
        return Ok(1.0);
    };
    let bad = |what, value: f64| Error::BadEvent {
        file: file.to_owned(),
        ticker: series.ticker.clone(),
        date,
        what,
        value,
        close: before,
    };
    if !(split > 0.0 && split.is_finite()) {
        return Err(bad("split ratio", split));
    }
    if !(dividend >= 0.0 && dividend < before) {
        return Err(bad("dividend", dividend));
    }
    let after = (from..series.close.len()).find_map(|row| series.close.get(row));
    Ok(match (reinvested, after) {
        (Reinvested::ExClose, Some(close)) => close / (split * close + dividend),
        _ => (1.0 - dividend / before) / split,
    })
}
