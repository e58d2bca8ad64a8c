//! What a feature is.

use std::fmt::Debug;

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
