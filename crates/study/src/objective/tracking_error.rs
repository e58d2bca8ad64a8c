//! Least squares against the benchmark's returns.

use walkfolio_core::{Faults, Memory, Past, Result};
use walkfolio_estimate::tracking::{Basket, Tracking, TrackingMoments};
use walkfolio_optimize::{self as optimize, Objective};

use super::form::{Inputs, OBJECTIVE, ObjectiveForm, Setting, Shape, path};
use crate::words;

impl ObjectiveForm for Tracking {
    fn validate(&self, setting: &Setting, faults: &mut Faults) {
        faults.part(OBJECTIVE, |faults| Tracking::validate(self, faults));
        if setting.benchmark.is_none() {
            let hint = "add benchmark = \"...\" to [market]";
            faults.push(OBJECTIVE, "tracks a benchmark, and there is none", hint);
        }
        for (key, name) in self.estimator().names() {
            if setting.lacks(name) {
                setting.unknown_asset(&path(&key), name, faults);
            }
        }
    }

    fn uses_moments(&self) -> bool {
        false
    }

    fn rows(&self) -> usize {
        self.estimator().needs().rows
    }

    /// A decision may stay near what is held.
    fn memory(&self) -> Memory {
        let near = self.ridge_to_holdings.is_some_and(|pull| pull > 0.0);
        if near { Memory::Holdings } else { Memory::Chain }
    }

    fn prepare(&self, inputs: &Inputs<'_>) -> Result<Objective> {
        let mut moments = self.estimator().moments(inputs.past, inputs.assets, inputs.need)?;
        let ridge_to_holdings = self.ridge_to_holdings.unwrap_or(0.0);
        if ridge_to_holdings > 0.0 {
            inputs.view.holdings()?;
            // Nothing is held before the first decision.
            if let Some(held) = inputs.held() {
                moments = moments.near(&held, ridge_to_holdings)?;
            }
        }
        let TrackingMoments { second_moment, cross, benchmark_square } = moments;
        optimize::TrackingError::from_moments(second_moment, cross, benchmark_square)
            .map(Objective::from)
            .map_err(words::policy)
    }

    fn is_ready(&self, inputs: &Inputs<'_>) -> bool {
        self.estimator().is_ready(inputs.past, inputs.assets, inputs.need)
    }

    fn shape(&self) -> Shape {
        Shape::Quadratic
    }

    fn tracks(&self) -> bool {
        true
    }

    fn basket(&self, past: &Past<'_>) -> Option<Basket> {
        self.estimator().basket(past)
    }

    fn has_reviews(&self) -> bool {
        self.estimator().has_reviews()
    }

    fn is_reviewed(&self, past: &Past<'_>) -> bool {
        self.estimator().is_reviewed(past)
    }
}
