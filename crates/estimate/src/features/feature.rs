//! What a feature is, and the key by which a study asks for it.

use std::fmt::Debug;

use walkfolio_core::Faults;

use super::history::MonthEnd;
use crate::Result;

/// One number of an asset at a month-end.
pub trait Feature: Send + Sync + Debug {
    /// Its name in tables, with the unit of its window: `momentum_12m`, `volatility_20d`.
    fn name(&self) -> String;

    /// Returns needed up to the month-end.
    fn rows(&self) -> usize;

    /// Month-ends needed before the last one.
    fn months(&self) -> u32;

    /// The value of an asset, `None` where it is missing; never `NaN`.
    ///
    /// # Errors
    /// [`walkfolio_core::Error::Absent`] if the market lacks the benchmark or the signal that the
    /// feature is made of.
    fn value(&self, at: &MonthEnd<'_, '_>, asset: usize) -> Result<Option<f64>>;
}

/// What a study writes to ask for features of one kind.
pub trait FeatureKey {
    /// Whether it obeys its rules; paths are below the key.
    fn validate(&self, faults: &mut Faults);

    /// The features, in the order of their columns.
    fn features(&self, periods_per_year: f64) -> Vec<Box<dyn Feature>>;
}

/// Each window must have a minimum, and be listed once.
pub(super) fn check_windows(values: &[u32], least: u32, faults: &mut Faults) {
    for (index, value) in values.iter().enumerate() {
        let path = format!("[{index}]");
        faults.at_least(&path, *value, least);
        if values[..index].contains(value) {
            faults.push(&path, format!("{value} is listed twice"), "list it once");
        }
    }
}
