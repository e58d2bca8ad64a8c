//! The maximum sum of absolute weights.

use walkfolio_core::{Faults, Note, Result};
use walkfolio_optimize::{self as optimize, Constraint};

use super::form::ConstraintForm;
use crate::objective::{Inputs, Setting};
use crate::words;

/// `sum |w| <= max`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GrossLeverage {
    pub max: f64,
}

impl ConstraintForm for GrossLeverage {
    fn validate(&self, _: &Setting, faults: &mut Faults) {
        if self.max < 1.0 {
            let message = format!("{} is below 1, and the weights must sum to 1", self.max);
            faults.push("allocate.gross_leverage", message, "use at least 1");
        }
    }

    fn prepare(&self, _: &Inputs<'_>, _: &mut Vec<Note>) -> Result<Vec<Constraint>> {
        optimize::GrossLeverage::new(self.max)
            .map(|gross| vec![gross.named("gross_leverage").into()])
            .map_err(words::policy)
    }
}
