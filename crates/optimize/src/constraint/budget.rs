//! The sum of the weights.

use super::part::Limits;
use super::rule::Rule;
use crate::{Error, Result};

/// `sum w = total`: 1 invests everything.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Budget {
    pub total: f64,
}

impl Rule for Budget {
    fn name(&self) -> &'static str {
        "sum of weights"
    }

    fn check(&self, _: usize) -> Result<()> {
        let finite = self.total.is_finite();
        if finite { Ok(()) } else { Err(Error::Invalid("a bound is not finite".to_owned())) }
    }

    fn violation(&self, w: &[f64]) -> f64 {
        (w.iter().sum::<f64>() - self.total).abs()
    }

    fn words(&self) -> String {
        format!("{} {}", self.name(), self.total)
    }

    /// A budget is what it is.
    fn widen(&mut self, _: Limits) {}
}
