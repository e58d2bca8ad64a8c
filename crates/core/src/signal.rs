//! What users know of assets beside prices: volumes, capitalizations, ratios, surprises.

use std::collections::BTreeSet;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Date, Error, Result};

/// What the values of a user's file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(description = "What a feature from a file is.")]
pub enum SignalKind {
    /// The logarithm of the value traded in a session, from a file of dollar volumes.
    LogDollarVolume,
    /// Market capitalization.
    MarketCap,
    /// Price over earnings.
    PriceEarnings,
    /// `(actual - estimated) / |estimated| * 100`.
    EarningsSurprise,
}

impl SignalKind {
    /// The name of its signal in a market, and of its feature.
    pub fn name(self) -> &'static str {
        match self {
            Self::LogDollarVolume => "log_dollar_volume",
            Self::MarketCap => "market_cap",
            Self::PriceEarnings => "price_earnings",
            Self::EarningsSurprise => "earnings_surprise",
        }
    }
}

/// Values of assets by the day on which they became known.
///
/// A value holds until a later one takes its place. Its date is when it could be read by anyone,
/// not the period it speaks of: earnings of March that were published in May are known in May.
/// # Examples
/// ```
/// use walkfolio_core::{Date, Signal};
///
/// let published = vec![(Date::constant(2024, 5, 6), 15.0), (Date::constant(2024, 5, 20), 18.0)];
/// let signal = Signal::new("pe", vec![published])?;
/// assert_eq!((signal.name(), signal.dates().len()), ("pe", 2));
/// # Ok::<(), walkfolio_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Signal {
    name: Arc<str>,
    /// By universe index, in order of their dates.
    records: Arc<Vec<Vec<(Date, f64)>>>,
    /// What is published later is not part of it.
    end: Option<Date>,
}

impl PartialEq for Signal {
    fn eq(&self, other: &Self) -> bool {
        let assets = self.assets();
        self.name == other.name
            && assets == other.assets()
            && (0..assets).all(|asset| self.records(asset) == other.records(asset))
    }
}

impl Signal {
    /// Checks records by universe index; they may come in any order.
    ///
    /// # Errors
    /// [`Error::NotFinite`] for a value that is no number, [`Error::DoubleValue`] for two values of
    /// one asset on one day.
    pub fn new(name: impl Into<String>, mut records: Vec<Vec<(Date, f64)>>) -> Result<Self> {
        let name = name.into();
        for known in &mut records {
            known.sort_by_key(|(date, _)| *date);
            if let Some((date, value)) = known.iter().find(|(_, value)| !value.is_finite()) {
                let what = format!("signal {name}");
                return Err(Error::NotFinite { what, date: *date, value: *value });
            }
            if let Some(pair) = known.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                return Err(Error::DoubleValue { what: name, date: pair[0].0 });
            }
        }
        Ok(Self { name: name.into(), records: Arc::new(records), end: None })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The days on which a value of any asset became known, sorted.
    ///
    /// # Examples
    /// See [`Signal`].
    pub fn dates(&self) -> Vec<Date> {
        let own = (0..self.assets()).flat_map(|asset| self.records(asset));
        let dates: BTreeSet<Date> = own.map(|(date, _)| *date).collect();
        dates.into_iter().collect()
    }

    /// Number of assets that there are records for.
    pub(crate) fn assets(&self) -> usize {
        self.records.len()
    }

    /// The records of an asset, in order of their dates.
    pub(crate) fn records(&self, asset: usize) -> &[(Date, f64)] {
        let all = self.records.get(asset).map_or(&[][..], Vec::as_slice);
        match self.end {
            None => all,
            Some(end) => &all[..all.partition_point(|(date, _)| *date <= end)],
        }
    }

    /// The records by asset, to write.
    pub(crate) fn records_mut(&mut self) -> &mut [Vec<(Date, f64)>] {
        let all = Arc::make_mut(&mut self.records);
        if let Some(end) = self.end.take() {
            for known in all.iter_mut() {
                known.retain(|(date, _)| *date <= end);
            }
        }
        all
    }

    /// Leaves out what is published after a day.
    pub(crate) fn end_at(&mut self, last: Date) {
        self.end = Some(self.end.map_or(last, |end| end.min(last)));
    }

    /// The latest value of an asset that is known at the close of a session, with its day.
    pub(crate) fn known(&self, asset: usize, session: Date) -> Option<(Date, f64)> {
        let records = self.records(asset);
        let after = records.partition_point(|(date, _)| *date <= session);
        records[..after].last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: i8) -> Date {
        Date::constant(2024, 5, day)
    }

    #[test]
    fn a_value_is_known_from_its_date_on() {
        let signal = Signal::new("pe", vec![vec![(day(20), 18.0), (day(6), 15.0)]]).unwrap();
        let known = [5, 6, 17, 20].map(|on| signal.known(0, day(on)));
        let (first, second) = (Some((day(6), 15.0)), Some((day(20), 18.0)));
        assert_eq!(known, [None, first, first, second]);
    }

    #[test]
    fn two_values_on_one_day_are_refused() {
        let error = Signal::new("pe", vec![vec![(day(6), 15.0), (day(6), 16.0)]]).unwrap_err();
        assert_eq!(error.to_string(), "pe has two values of one asset on 2024-05-06");
        assert!(Signal::new("pe", vec![vec![(day(6), f64::NAN)]]).is_err());
    }
}
