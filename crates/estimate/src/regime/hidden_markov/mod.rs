//! States that nobody sees, inferred from the returns that they leave.
//!
//! - `model`: the states, and the filter that infers them from returns so far;
//! - `fit`: maximum likelihood from several starts; `climb`: from one of them to the next maximum; `pass`:
//!   one step of Baum and Welch.

mod climb;
mod fit;
pub(super) mod model;
mod parameters;
mod pass;

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Past, Row};

pub use fit::{GaussianFit, fit};
pub use model::{Filtered, GaussianStates};
pub use parameters::Collapsed;

use super::closes::Closes;
use super::detector::{Detector, Memo, Reading, Reads};
use crate::{Error, Result};

/// A Gaussian hidden Markov model of daily log returns: states in the order of their variance, `calm` and
/// `turbulent`, with `normal` between them for 3 states, and `normal` and `volatile` for 4.
///
/// Maximum likelihood by Baum and Welch, no prior and no floor of the variance, from a start by size of
/// returns and `restarts` random ones; the best counts. The model is fitted to the first `window` returns
/// and again every `refit` sessions, each time to rows before that session alone. In between the filter goes
/// on with fixed parameters: a state is inferred from the returns up to its own close, never smoothed with
/// later ones.
///
/// hmmlearn and its users often smooth: `predict`, and `predict_proba` of a whole sample, read returns that
/// come later; smoothed and filtered probabilities differ by up to 0.9. hmmlearn also has a prior by default
/// (`covars_prior = 0.01`), which on daily returns makes volatilities 6 % (2 states) to 48 % (3 states) too
/// large.
///
/// Sources: Hamilton (1989), A new approach to the economic analysis of nonstationary time series,
/// Econometrica 57; Baum, Petrie, Soules & Weiss (1970), Annals of Mathematical Statistics 41.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HiddenMarkov {
    /// Its name in reports and in `[[when]]`.
    ///
    /// Example: `name = "volatility"`
    pub name: String,
    /// The asset or benchmark whose log returns are read; the benchmark by default.
    ///
    /// Example: `of = "SPY"`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The number of states: 2, 3 or 4.
    ///
    /// Unit: states.
    #[serde(default = "two")]
    pub states: u32,
    /// Returns of the first fit.
    #[serde(default = "four_years")]
    pub window: u32,
    /// Which returns later fits read.
    #[serde(default)]
    pub sample: FitSample,
    /// Sessions from one fit to the next.
    ///
    /// Unit: periods.
    #[serde(default = "year")]
    pub refit: u32,
    /// Random starts in addition to the start by size of returns.
    ///
    /// Unit: starts.
    #[serde(default = "eight")]
    pub restarts: u32,
    /// The seed of the random starts.
    ///
    /// Unit: any whole number.
    #[serde(default)]
    pub seed: u64,
    /// Which probability decides.
    #[serde(default)]
    pub probability: StateProbability,
}

/// Which returns a model is fitted to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FitSample {
    /// All returns so far.
    #[default]
    Expanding,
    /// The last `window` returns.
    Rolling,
}

/// Which probability of a state counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StateProbability {
    /// That at the last close, from the returns up to it.
    #[default]
    Filtered,
    /// That of the next session: the filtered one times the transition matrix.
    Predicted,
}

fn two() -> u32 {
    2
}

fn four_years() -> u32 {
    1008
}

fn year() -> u32 {
    252
}

fn eight() -> u32 {
    8
}

/// Returns that a state must have on average, so that a fit says something of it.
const LEAST_RETURNS: u32 = 25;

impl HiddenMarkov {
    /// With two states, of the benchmark.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            of: None,
            states: two(),
            window: four_years(),
            sample: FitSample::default(),
            refit: year(),
            restarts: eight(),
            seed: 0,
            probability: StateProbability::default(),
        }
    }
}

impl Detector for HiddenMarkov {
    fn name(&self) -> &str {
        &self.name
    }

    fn validate(&self, faults: &mut Faults) {
        if !(2..=4).contains(&self.states) {
            let message = format!("must be 2, 3 or 4, found {}", self.states);
            faults.push("states", message, "2 are calm and turbulent");
        }
        let least = LEAST_RETURNS * self.states.clamp(2, 4);
        faults.window("window", self.window, least, "a hidden Markov model of so many states");
        faults.at_least("refit", self.refit, 1);
        if self.restarts > 1000 {
            let message = format!("must be at most 1000, found {}", self.restarts);
            faults.push("restarts", message, "8 are usual");
        }
    }

    fn states(&self) -> &'static [&'static str] {
        match self.states {
            3 => &["calm", "normal", "turbulent"],
            4 => &["calm", "normal", "volatile", "turbulent"],
            _ => &["calm", "turbulent"],
        }
    }

    fn reads(&self) -> Reads<'_> {
        Reads::Series(self.of.as_deref())
    }

    fn value(&self) -> Option<&'static str> {
        None
    }

    fn has_probabilities(&self) -> bool {
        true
    }

    fn track(
        &self,
        past: &Past<'_>,
        rows: Range<Row>,
        memo: &Memo,
    ) -> Result<Vec<Option<Reading>>> {
        let closes = Closes::of(past, self.of.as_deref())?;
        let history = Returns { first: closes.first + 1, values: closes.log_returns() };
        let mut readings = Vec::with_capacity(rows.len());
        let mut row = rows.start;
        while row < rows.end {
            let Some(fitted) = self.last_fit(&history, row).filter(|_| row < closes.end()) else {
                readings.push(None);
                row += 1;
                continue;
            };
            let model = memo.model(fitted.end, || self.fitted(past, &history, &fitted))?;
            let until = (fitted.end + self.refit as usize - 1).min(rows.end).min(closes.end());
            let filtered = model.filter(history.between(&(fitted.start..until)));
            let from = (row - fitted.start) * model.states();
            let each = filtered.probabilities[from..].chunks_exact(model.states());
            readings.extend(each.map(|filtered| Some(self.reading(&model, filtered))));
            row = until;
        }
        Ok(readings)
    }
}

/// Log returns by row.
struct Returns {
    first: Row,
    values: Vec<f64>,
}

impl Returns {
    fn between(&self, rows: &Range<Row>) -> &[f64] {
        &self.values[rows.start - self.first..rows.end - self.first]
    }
}

impl HiddenMarkov {
    /// The rows of the last fit that a decision after the close of `row` may use; none before the first.
    fn last_fit(&self, history: &Returns, row: Row) -> Option<Range<Row>> {
        let (window, refit) = (self.window as usize, self.refit as usize);
        let since = (row + 1).checked_sub(history.first + window)?;
        let end = row + 1 - since % refit;
        let start = match self.sample {
            FitSample::Expanding => history.first,
            FitSample::Rolling => end - window,
        };
        Some(start..end)
    }

    fn fitted(
        &self,
        past: &Past<'_>,
        history: &Returns,
        rows: &Range<Row>,
    ) -> Result<GaussianStates> {
        let returns = history.between(rows);
        let found = fit(returns, self.states as usize, self.restarts as usize, self.seed);
        found.map(|found| found.model).map_err(|Collapsed| Error::StatesCollapse {
            states: self.states,
            returns: returns.len(),
            last: past.dates()[rows.end - 1],
        })
    }

    fn reading(&self, model: &GaussianStates, filtered: &[f64]) -> Reading {
        let probabilities = match self.probability {
            StateProbability::Filtered => filtered.to_vec(),
            StateProbability::Predicted => model.predict(filtered),
        };
        let more = |best: usize, state: usize| {
            if probabilities[state] > probabilities[best] { state } else { best }
        };
        let state = (0..probabilities.len()).fold(0, more);
        Reading { state, value: None, probabilities }
    }
}
