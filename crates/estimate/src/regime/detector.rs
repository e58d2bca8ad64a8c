//! What a detector of regimes does.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use walkfolio_core::{Faults, Past, Row};

use super::hidden_markov::model::GaussianStates;
use crate::Result;

/// What a detector says at a close, of the rows up to it and no later ones.
///
/// # Examples
/// ```
/// use walkfolio_estimate::regime::Reading;
///
/// let bear = Reading { state: 1, value: Some(-0.23), probabilities: Vec::new() };
/// assert_eq!(bear.probability(1), 1.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The state, an index into [`Detector::states`].
    pub state: usize,
    /// The figure that decides, where there is one; [`Detector::value`] says what it is.
    pub value: Option<f64>,
    /// The probability of each state, where the detector has them.
    pub probabilities: Vec<f64>,
}

impl Reading {
    /// The probability of a state: 1 or 0 where the detector has none.
    pub fn probability(&self, state: usize) -> f64 {
        self.probabilities.get(state).copied().unwrap_or(f64::from(u8::from(state == self.state)))
    }
}

/// What a detector reads.
///
/// # Examples
/// ```
/// use walkfolio_estimate::regime::{Detector, Drawdown, Reads};
///
/// let of_spy = Drawdown { of: Some("SPY".to_owned()), ..Drawdown::named("market") };
/// assert_eq!(of_spy.reads(), Reads::Series(Some("SPY")));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads<'a> {
    /// The prices of an asset or of the benchmark, by name; the benchmark without one.
    Series(Option<&'a str>),
    /// The returns of all assets.
    Assets,
    /// The returns of a factor, by name.
    Factor(&'a str),
}

/// A rule that tells the state of the market from what is known at a close.
///
/// # Timing
/// The state of a close is known at that close: a decision at row `t` reads that of row `t - 1`.
pub trait Detector: Send + Sync {
    /// The name that the study gives it.
    fn name(&self) -> &str;

    /// Whether its settings obey their rules.
    fn validate(&self, faults: &mut Faults);

    /// The names of its states, in their order.
    fn states(&self) -> &'static [&'static str];

    /// What it reads.
    fn reads(&self) -> Reads<'_>;

    /// What the figure of its readings is, with its unit; none if it has no figure.
    fn value(&self) -> Option<&'static str>;

    /// Whether its readings have the probability of each state.
    fn has_probabilities(&self) -> bool {
        false
    }

    /// The readings at the closes of some known rows; `None` where the rows before do not suffice, or
    /// what it reads has ended.
    ///
    /// Each reading is made of the rows up to its own alone: it is the same in every longer past.
    ///
    /// # Shape and units
    /// One reading for each of `rows`, which must be known: `rows.end <= past.rows()`.
    /// # Errors
    /// If what it reads is not in the market, and those of the detector.
    fn track(&self, past: &Past<'_>, rows: Range<Row>, memo: &Memo)
    -> Result<Vec<Option<Reading>>>;
}

/// What detectors have computed of one market, so that it is not computed again.
///
/// An entry belongs to a row and is made of the rows before it: it is the same whoever makes it first.
/// A memo serves one detector on one market.
#[derive(Debug, Default)]
pub struct Memo {
    values: Mutex<BTreeMap<Row, Option<f64>>>,
    models: Mutex<BTreeMap<Row, Arc<GaussianStates>>>,
}

impl Memo {
    /// The figure of the rows before `end`.
    pub(super) fn value(
        &self,
        end: Row,
        make: impl FnOnce() -> Result<Option<f64>>,
    ) -> Result<Option<f64>> {
        if let Some(found) = locked(&self.values).get(&end) {
            return Ok(*found);
        }
        let made = make()?;
        locked(&self.values).insert(end, made);
        Ok(made)
    }

    /// The model that was fitted to rows before `end`.
    pub(super) fn model(
        &self,
        end: Row,
        make: impl FnOnce() -> Result<GaussianStates>,
    ) -> Result<Arc<GaussianStates>> {
        if let Some(found) = locked(&self.models).get(&end) {
            return Ok(Arc::clone(found));
        }
        let made = Arc::new(make()?);
        locked(&self.models).insert(end, Arc::clone(&made));
        Ok(made)
    }
}

fn locked<T>(entries: &Mutex<T>) -> MutexGuard<'_, T> {
    entries.lock().unwrap_or_else(PoisonError::into_inner)
}
