//! Least squares against the benchmark's returns.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use walkfolio_core::{Faults, Memory, Past, Result};
use walkfolio_estimate::{ReviewAware, TrackingMoments, exponential_weights, windows};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, OBJECTIVE, ObjectiveForm, Setting, path};
use super::review::ReviewSpec;
use crate::words;

/// Least squares against the benchmark's returns: `min ||R w - r_M||^2`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackingError {
    /// Rows of the window.
    ///
    /// Example: `window = 252`
    pub window: u32,
    /// An asset with fewer returns than the window, but so many, may be held: the window then
    /// shrinks to what all assets have. Only with `review`.
    ///
    /// Example: `shortest_days = 126`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortest_days: Option<u32>,
    /// Rows after which a return weighs half as much; without it all weigh the same.
    ///
    /// Example: `half_life_days = 60.0`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub half_life_days: Option<f64>,
    /// Pull towards what is held already: a ridge of so many mean second moments.
    ///
    /// Unit: mean second moments of the returns.
    ///
    /// Example: `ridge_to_holdings = 0.1`
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ridge_to_holdings: Option<f64>,
    /// What is known of the benchmark's reviews.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewSpec>,
}

impl TrackingError {
    fn window(&self) -> usize {
        self.window as usize
    }

    fn reviewed(&self, setting: &Setting) -> Option<ReviewAware> {
        let review = self.review.as_ref()?;
        Some(ReviewAware {
            window_rows: self.window(),
            half_life: self.half_life_days,
            reviews: review.reviews(setting),
            stale: review.stale,
            prior: review.prior(setting),
            tilt: review.tilt(),
        })
    }

    fn moments(&self, inputs: &Inputs<'_>) -> Result<TrackingMoments> {
        let Inputs { past, assets, need, .. } = *inputs;
        let rows = self.window();
        match (self.reviewed(inputs.setting), self.half_life_days) {
            (Some(review), _) => Ok(review.moments(past, assets, need)?),
            (None, Some(half_life)) => {
                let weights = exponential_weights(rows, half_life);
                let returns = past.returns(assets, rows)?;
                Ok(TrackingMoments::weighted(&returns, past.benchmark(rows)?, &weights)?)
            }
            (None, None) => Ok(windows::tracking(past, assets, rows)?),
        }
    }

    fn check_shortest(&self, faults: &mut Faults) {
        let Some(shortest) = self.shortest_days else { return };
        let path = path("shortest_days");
        if self.review.is_none() {
            let hint = "remove it, or add [allocate.objective.review]";
            faults.push(&path, "shrinks the window of a study with reviews only", hint);
        }
        let window = self.window;
        if shortest > window || shortest == 0 {
            let message = format!("must be from 1 to window = {window}, found {shortest}");
            faults.push(&path, message, "");
        }
    }
}

impl ObjectiveForm for TrackingError {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        faults.window(&path("window"), self.window, 1, "the objective");
        if setting.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market]";
            faults.push(OBJECTIVE, "tracks a benchmark, and there is none", hint);
        }
        self.check_shortest(faults);
        if let Some(half) = self.half_life_days {
            faults.above_zero(&path("half_life_days"), half, "63 is a quarter of a year");
        }
        faults.at_least_zero(&path("ridge_to_holdings"), self.ridge_to_holdings.unwrap_or(0.0));
        if let Some(review) = &self.review {
            review.validate(setting, faults);
        }
    }

    fn uses_moments(&self) -> bool {
        false
    }

    fn rows(&self) -> usize {
        self.shortest_days.unwrap_or(self.window) as usize
    }

    /// A decision may stay near what is held.
    fn memory(&self) -> Memory {
        let near = self.ridge_to_holdings.is_some_and(|pull| pull > 0.0);
        if near { Memory::Holdings } else { Memory::Chain }
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let mut moments = self.moments(inputs)?;
        let ridge_to_holdings = self.ridge_to_holdings.unwrap_or(0.0);
        if ridge_to_holdings > 0.0 {
            let holdings = inputs.view.holdings()?.values();
            let held: Vec<f64> = inputs.assets.iter().map(|&asset| holdings[asset]).collect();
            let sum: f64 = held.iter().sum();
            // Nothing is held before the first decision.
            if sum > 1e-9 {
                let held: Vec<f64> = held.iter().map(|w| w / sum).collect();
                moments = moments.near(&held, ridge_to_holdings)?;
            }
        }
        let TrackingMoments { second_moment, cross, benchmark_square, .. } = moments;
        optimize::TrackingError::from_moments(second_moment, cross, benchmark_square)
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn is_ready(&self, inputs: &Inputs<'_>) -> bool {
        let Inputs { past, assets, need, .. } = *inputs;
        match self.reviewed(inputs.setting) {
            Some(review) => {
                past.benchmark_returns_known() >= self.rows()
                    && review.moments(past, assets, need).is_ok()
            }
            None => past.benchmark(self.window()).is_ok(),
        }
    }

    fn is_quadratic(&self) -> bool {
        true
    }

    fn tracks(&self) -> bool {
        true
    }

    fn has_reviews(&self) -> bool {
        self.review.is_some()
    }

    fn is_reviewed(&self, setting: &Setting, past: &Past<'_>) -> bool {
        self.review.as_ref().is_some_and(|review| {
            let rows = review.reviews(setting).rows(past);
            rows.last().is_some_and(|row| row + 1 == past.rows())
        })
    }
}
