//! The detectors of a study on one market.

use std::ops::Range;

use walkfolio_core::{Past, Row};

use super::RegimeChoice;
use super::detector::{Memo, Reading};
use crate::Result;

/// A detector on one market, with what it has computed there.
///
/// # Examples
/// ```
/// # use walkfolio_core::*;
/// use walkfolio_estimate::regime::{Drawdown, Regime};
///
/// let fall = Drawdown { of: Some("XLE".to_owned()), ..Drawdown::named("energy") };
/// let regime = Regime::new(fall.into());
/// # let dates = (1..=5).map(|day| Date::constant(2024, 7, day)).collect();
/// # let closes = [100.0, 90.0, 79.0, 85.0, 100.0].map(Some).to_vec();
/// # let prices = Prices::new(dates, Universe::new(["XLE"])?, vec![closes])?;
/// # let market = Market::new(prices)?;
/// // Closes of 100, 90, 79 and 85: known before the fifth session.
/// let known = regime.track(&market.before(4)?, 0..4)?;
/// let states = known.iter().flatten().map(|reading| regime.states()[reading.state]);
/// assert_eq!(states.collect::<Vec<_>>(), ["bull", "bull", "bear", "bear"]);
/// assert_eq!(regime.known(&market.before(4)?)?.unwrap().state, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Regime {
    choice: RegimeChoice,
    memo: Memo,
}

impl Regime {
    /// A detector that has computed nothing yet. It must be asked of one market only.
    pub fn new(choice: RegimeChoice) -> Self {
        Self { choice, memo: Memo::default() }
    }

    /// Its settings.
    pub fn choice(&self) -> &RegimeChoice {
        &self.choice
    }

    /// The name that the study gives it.
    pub fn name(&self) -> &str {
        self.choice.name()
    }

    /// The names of its states.
    pub fn states(&self) -> &'static [&'static str] {
        self.choice.states()
    }

    /// The reading at the last known close; `None` where the rows do not suffice.
    ///
    /// # Errors
    /// As [`Detector::track`](super::Detector::track).
    pub fn known(&self, past: &Past<'_>) -> Result<Option<Reading>> {
        let Some(last) = past.rows().checked_sub(1) else { return Ok(None) };
        Ok(self.track(past, last..last + 1)?.pop().flatten())
    }

    /// The readings at known closes.
    ///
    /// # Errors
    /// As [`Detector::track`](super::Detector::track).
    pub fn track(&self, past: &Past<'_>, rows: Range<Row>) -> Result<Vec<Option<Reading>>> {
        self.choice.track(past, rows, &self.memo)
    }
}
