//! The sum of the weights.

use super::part::Limits;
use super::rule::{Row, Rule, widen_row};
use crate::{Error, Result};

/// `sum w = 1` invests everything; `min <= sum w <= max` leaves open how much.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Budget {
    pub name: String,
    pub min: f64,
    pub max: f64,
    /// The coefficients of a range.
    ones: Vec<f64>,
}

impl Budget {
    /// One sum.
    pub fn fixed(total: f64) -> Self {
        Self { name: "sum of weights".to_owned(), min: total, max: total, ones: Vec::new() }
    }

    /// A range of sums of so many weights.
    pub fn range(min: f64, max: f64, assets: usize) -> Self {
        Self { min, max, ones: vec![1.0; assets], ..Self::fixed(min) }
    }

    /// The sum, if there is one.
    pub fn total(&self) -> Option<f64> {
        (self.min == self.max).then_some(self.min)
    }
}

impl Rule for Budget {
    fn name(&self) -> &str {
        &self.name
    }

    fn check(&self, _: usize) -> Result<()> {
        let (min, max) = (self.min, self.max);
        if !(min.is_finite() && max.is_finite()) {
            return Err(Error::Invalid("a bound is not finite".to_owned()));
        }
        if min > max {
            let what = format!("the sum of weights has no range from {min} to {max}");
            return Err(Error::Invalid(what));
        }
        Ok(())
    }

    /// A range is a row; a budget is what it is.
    fn row(&self) -> Option<Row<'_>> {
        let coefficients = &self.ones;
        self.total().is_none().then_some(Row { coefficients, min: self.min, max: self.max })
    }

    fn violation(&self, w: &[f64]) -> f64 {
        let sum = w.iter().sum::<f64>();
        match self.total() {
            Some(total) => (sum - total).abs(),
            None => (self.min - sum).max(sum - self.max),
        }
    }

    fn words(&self) -> String {
        match self.total() {
            Some(total) => format!("{} {total}", self.name),
            None => format!("{} in [{}, {}]", self.name, self.min, self.max),
        }
    }

    fn widen(&mut self, limits: Limits) {
        if self.total().is_none() {
            widen_row(&mut self.min, &mut self.max, limits);
        }
    }
}
