//! The rows of a window as scenarios: what objectives of a tail share.

use walkfolio_core::number::decimals;
use walkfolio_core::{Faults, Matrix, Result};
use walkfolio_optimize::{Constraint, Exposure};

use super::form::{Inputs, path};
use crate::words;

/// The window of past returns that are the scenarios, and the tail of them that counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scenarios {
    pub window: u32,
    pub confidence: f64,
}

impl Scenarios {
    pub fn validate(self, faults: &mut Faults) {
        if self.window == 0 {
            faults.push(&path("window"), "must be at least 1, found 0", "252 is a year of days");
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            let message = format!("must be between 0 and 1, found {}", self.confidence);
            faults.push(&path("confidence"), message, "0.95 is the mean of the worst 5 %");
        }
    }

    pub fn rows(self) -> usize {
        self.window as usize
    }

    /// The returns of the assets in each of its rows, oldest first.
    pub fn returns(self, inputs: &Inputs<'_>) -> Result<Matrix> {
        inputs.past.returns(inputs.assets, self.rows())
    }
}

impl Scenarios {
    /// The tail of a decision in words.
    pub fn note(self, what: &str, mean: f64) -> String {
        let share = decimals(100.0 * (1.0 - self.confidence), 2);
        let rows = self.window;
        format!(
            "ex ante: the worst {share} % of {what} of {rows} rows are {} % on average",
            decimals(100.0 * mean, 4)
        )
    }
}

/// A smallest expected return of a year, as a row of the weights.
pub(super) fn at_least(minimum: Option<f64>, inputs: &Inputs<'_>) -> Result<Option<Constraint>> {
    let Some(minimum) = minimum else { return Ok(None) };
    let of_year = inputs.setting.scale()?.of_year();
    let annual = inputs.expected_returns()?.iter().map(|mu| mu / of_year).collect();
    Exposure::new("objective.minimum_return", annual, minimum, f64::INFINITY)
        .map(|row| Some(row.into()))
        .map_err(words::policy)
}

/// The rules of such a minimum.
pub(super) fn validate_minimum(minimum: Option<f64>, faults: &mut Faults) {
    if let Some(minimum) = minimum.filter(|minimum| !(-1.0..=10.0).contains(minimum)) {
        let message = format!("must be between -1 and 10, found {minimum}");
        faults.push(&path("minimum_return"), message, "0.08 is 8 % a year");
    }
}

/// 95 %.
pub(super) fn confidence() -> f64 {
    0.95
}
