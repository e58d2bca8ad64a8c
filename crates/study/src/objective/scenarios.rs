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
    /// That the tail is a part of one row.
    pub fn warning(self) -> Option<String> {
        let (share, rows) = (1.0 - self.confidence, self.window);
        let tail = share * f64::from(rows);
        // Rounding is no part of a row.
        (tail < 1.0 - 1e-9).then(|| {
            format!(
                "the worst {} % of {rows} rows are {} of a row: the objective is the worst row alone; with a window of {} it has a whole one",
                decimals(100.0 * share, 2),
                decimals(tail, 2),
                (1.0 / share - 1e-9).ceil()
            )
        })
    }

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

/// The least mean of a tail: an objective whose keys are a window, a confidence and a minimum return.
macro_rules! minimum_tail {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            /// Rows of the window: its past returns are the scenarios, each as likely as any other.
            ///
            /// Unit: periods.
            ///
            /// Example: `window = 504`
            pub window: u32,
            /// The part that is not in the tail: 0.95 takes the worst 5 %, and of a row that is partly in it that
            /// part.
            ///
            /// Unit: fraction.
            #[serde(default = "crate::objective::scenarios::confidence")]
            pub confidence: f64,
            /// Minimum expected return of the portfolio, by the expected returns of `[estimate]`, whatever
            /// `estimate.units` is.
            ///
            /// Unit: fraction per year.
            ///
            /// Example: `minimum_return = 0.08`
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub minimum_return: Option<f64>,
        }

        impl $name {
            fn scenarios(&self) -> Scenarios {
                Scenarios { window: self.window, confidence: self.confidence }
            }
        }

        impl ObjectiveForm for $name {
            fn validate(&self, _: &Setting, faults: &mut Faults) {
                self.scenarios().validate(faults);
                validate_minimum(self.minimum_return, faults);
            }

            fn uses_moments(&self) -> bool {
                self.minimum_return.is_some()
            }

            fn uses_expected_returns(&self) -> bool {
                self.minimum_return.is_some()
            }

            fn rows(&self) -> usize {
                self.scenarios().rows()
            }

            fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
                let returns = self.scenarios().returns(inputs)?;
                optimize::$name::new(returns, self.confidence)
                    .map(Objective::from)
                    .map_err(words::policy)
            }

            fn measures_tail(&self) -> bool {
                true
            }

            fn warning(&self) -> Option<String> {
                self.scenarios().warning()
            }

            fn note(&self, objective: &Objective, weights: &[f64]) -> Option<String> {
                Some(self.scenarios().note($what, objective.value(weights)))
            }

            fn constraint(&self, inputs: &Inputs<'_>) -> Result<Option<Constraint>> {
                at_least(self.minimum_return, inputs)
            }
        }
    };
}

pub(super) use minimum_tail;
